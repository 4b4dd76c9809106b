/*
 * The HTML form of a mail's text.  It is made from the plain text, so that
 * the two never differ, nobody keeps a second template, and the one place
 * where text becomes markup escapes all of it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_HTML_H
#define BW_MAIL_HTML_H

#include <stddef.h>

/*
 * TEXT, UTF-8, as a document: paragraphs are what empty lines separate, each
 * in the direction of its own letters; lines that begin with four blanks stay
 * as they are, in a fixed width.  Refers to nothing outside of itself.  The
 * caller wipes SIZE bytes and calls free(3); NULL when out of memory.
 */
char *mail_html(const char *subject, const char *text, size_t *size);

#endif
