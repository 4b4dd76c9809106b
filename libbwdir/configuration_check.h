/*
 * What the values of bwdir.conf(5) must be.  Each check returns NULL when the
 * value is fit, or else the words for what would be right.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CONFIGURATION_CHECK_H
#define BWDIR_CONFIGURATION_CHECK_H

const char *check_text(const char *value);
const char *check_dn(const char *value);
const char *check_path(const char *value);
const char *check_socket(const char *value); /* a path fit for sun_path */
const char *check_uri(const char *value);
const char *check_mechanism(const char *value);
const char *check_workers(const char *value);
const char *check_log(const char *value);
const char *check_transport(const char *value);
const char *check_smtp_uri(const char *value);
const char *check_mail(const char *value);

#endif
