/*
 * The front of a stream of LDAP messages, which are put behind each other; who
 * begins another stream sets front_length to 0.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_MESSAGE_FRONT_H
#define BWDIR_TESTS_MESSAGE_FRONT_H

#include <stddef.h>

#define FRONT_MAX 16384
#define FRONT_DN "cn=a,dc=x"
#define FRONT_ENTRY 0x64

extern unsigned char front[FRONT_MAX];
extern size_t front_length;

void put(const void *bytes, size_t length);

/* The header of an element, its length in as many octets as asked for. */
void put_header(unsigned char tag, size_t length, size_t octets);

/*
 * The beginning of a message whose content has CONTENT bytes: OPERATION and a
 * name of NAME bytes, FRONT_DN where that is its length, with a message id of
 * four bytes.  What follows the name is for the stream to have, zeros say.
 */
void put_long(size_t content, unsigned char operation, size_t name);

#endif
