/*
 * Password hashes as slapd's argon2 module reads them.  The numbers for
 * passwords come from configure.ac, the one place that holds them; slapd's
 * module is loaded with the same ones.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_HASH_H
#define BWDIR_HASH_H

#include "bwdir.h"

#define BWDIR_HASH_SIZE 160 /* "{ARGON2}$argon2id$…" and its NUL */

/* argon2id with the password numbers (19 MiB, 2 passes). */
enum bwdir_status bwdir_hash_password(const struct bwdir_secret *password,
                                      char hash[BWDIR_HASH_SIZE]);

/* argon2id with the least cost: for secrets of 100 random bits. */
enum bwdir_status bwdir_hash_code(const struct bwdir_secret *code_and_phone,
                                  char hash[BWDIR_HASH_SIZE]);

#define BWDIR_DIGEST_SIZE 33 /* 128 bits in hex and the NUL */

/* BLAKE2b (RFC 7693) of the texts, each with its NUL: tells lists apart, and
 * keeps no secret. */
void bwdir_hash_digest(const char *const *texts,
                       char digest[BWDIR_DIGEST_SIZE]);

#endif
