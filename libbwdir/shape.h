/*
 * The shapes of what people type: user names, phones, sign-up codes.  Needs
 * libc only, so that the PAM module is built with the very same rules.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_SHAPE_H
#define BWDIR_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#define BWDIR_SHAPE_NAME_MAX 32
#define BWDIR_SHAPE_PHONE_DIGITS 10
#define BWDIR_SHAPE_CODE_CHARS 20

/* 32 characters, five bits each, without look-alikes: no 0, O, 1, I. */
#define BWDIR_SHAPE_CODE_ALPHABET "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

/* [a-z][a-z0-9._-]{0,31}: it goes into DNs and into access rules. */
bool bwdir_shape_is_name(const char *name);

/* Exactly ten digits. */
bool bwdir_shape_is_phone(const char *phone);

/*
 * Twenty characters of the alphabet in either case, with hyphens anywhere
 * but no more of them than characters.
 */
bool bwdir_shape_is_code(const char *text, size_t length);

/* A character of a code as it is printed, or NUL for any other. */
char bwdir_shape_code_character(char typed);

#endif
