/*
 * Inside of bwdir_checkup: what the checks of this room share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CHECK_CHECKUP_H
#define BWDIR_CHECK_CHECKUP_H

#include <sys/types.h>

#include "../bwdir_check.h"
#include "../directory.h"

/* How long a server may take for one answer, in milliseconds: as long as a
 * person's sign-in may. */
#define CHECK_PATIENCE_MS 3000

/* An identity of the configuration and, where it could bind, its connection.
 */
struct check_identity {
    const char *section; /* "bwdird" */
    const char *dn;      /* NULL: none is configured */
    struct dir_connection *connection;
};

enum { CHECK_BWDIRD, CHECK_OUTBOX, CHECK_IDENTITIES };

/* What server.c has compared last. */
struct check_comparison {
    bool done;
    enum bwdir_install_part part;
    enum bwdir_status status;
    struct bwdir_detail why;
    struct bwdir_detail told; /* the last reason that a line tells */
    struct bwdir_installation *installation; /* of checkup->directory */
};

struct bwdir_checkup {
    struct bwdir_checkup_order order;
    const struct bwdir_check *running;
    struct bwdir_finding finding; /* that is being told */

    const char *base;
    const char *single_uri[2]; /* of the login, NULL-terminated */
    const char *const *uris;
    bool reachable;                    /* one server answers at least */
    bool baseless;                     /* and does not show the base */
    struct bwdir_directory *directory; /* as the tools; NULL: none */
    struct check_identity identities[CHECK_IDENTITIES];
    struct check_certificates *certificates; /* tls.c; NULL: not looked yet */
    struct check_comparison comparison;
};

/* The deadline of a wait that begins now; whoever watches is told. */
int64_t check_deadline(const struct bwdir_checkup *checkup);

/* Connects to the first of URIS that answers, and binds IDENTITY unless that
 * is NULL. */
enum bwdir_status check_connect(const struct bwdir_checkup *checkup,
                                const char *const *uris,
                                const struct bwdir_identity *identity,
                                struct dir_connection **connection,
                                struct bwdir_detail *why);

/* The remedy where rights are all that is wanting. */
#define CHECK_AS_ROOT                                                         \
    "run bwdir-check as root on the server, over ldapi (-H ldapi:///)"

/* Who asks does not see the server's configuration. */
extern const struct bwdir_obstacle check_hidden_config;

/* Why there is nothing that the directory could be asked; NULL: there is. */
const struct bwdir_obstacle *
check_obstacle(const struct bwdir_checkup *checkup);

/* Tells that the check could not look for OBSTACLE, a constant, as others
 * cannot; false where it is NULL. */
bool check_stands_behind(struct bwdir_checkup *checkup,
                         const struct bwdir_obstacle *obstacle);

/* The tools' connection with that deadline, or NULL, and the check has told
 * that it could not look. */
struct dir_connection *check_connection(struct bwdir_checkup *checkup);

/* True for a server on this host. */
bool check_is_local(const char *uri);

/* Tells that the check could not look, and why. */
void check_not_looked(struct bwdir_checkup *checkup, const char *why);

/* Entries that are gone through one by one, of which only the first that are
 * wrong are told: one broken import must not fill the screen. */
struct check_list {
    struct bwdir_checkup *checkup;
    struct dir_connection *connection;
    enum bwdir_grade grade; /* of what is wrong with one */
    size_t seen;
    size_t wrong;
};

/* One entry more; in a long list a new deadline now and then. */
void check_list_step(struct check_list *list);

/* One that is wrong; true when it is to be told. */
bool check_list_tells(struct check_list *list);

/* Tells how many more are wrong; true when none is. */
bool check_list_is_well(const struct check_list *list);

/* ---- files.c ---- */

void check_file_configuration(struct bwdir_checkup *checkup);
void check_file_secrets(struct bwdir_checkup *checkup);
void check_file_ca(struct bwdir_checkup *checkup);
void check_file_passwd(struct bwdir_checkup *checkup);
void check_file_log(struct bwdir_checkup *checkup);
void check_file_maildir(struct bwdir_checkup *checkup);

/* ---- mailer.c ---- */

void check_file_mailer(struct bwdir_checkup *checkup);

/* ---- reach.c ---- */

void check_servers(struct bwdir_checkup *checkup);
void check_base(struct bwdir_checkup *checkup);
void check_as_tools(struct bwdir_checkup *checkup);
void check_as_bwdird(struct bwdir_checkup *checkup);
void check_as_outbox(struct bwdir_checkup *checkup);

/* ---- tls.c ---- */

void check_tls_chain(struct bwdir_checkup *checkup);
void check_tls_host(struct bwdir_checkup *checkup);
void check_tls_expiry(struct bwdir_checkup *checkup);
void check_tls_protocol(struct bwdir_checkup *checkup);
void check_certificates_free(struct check_certificates **certificates);

/* ---- server.c ---- */

void check_server_modules(struct bwdir_checkup *checkup);
void check_server_schema(struct bwdir_checkup *checkup);
void check_server_database(struct bwdir_checkup *checkup);
void check_server_overlays(struct bwdir_checkup *checkup);
void check_server_additions(struct bwdir_checkup *checkup);
void check_server_rules(struct bwdir_checkup *checkup);
void check_server_entries(struct bwdir_checkup *checkup);

/* ---- root.c ---- */

void check_server_root_password(struct bwdir_checkup *checkup);
void check_server_mappings(struct bwdir_checkup *checkup);

/* ---- policies.c ---- */

void check_policy_records(struct bwdir_checkup *checkup);
void check_policy_delay(struct bwdir_checkup *checkup);

/* ---- identities.c ---- */

void check_identity_policies(struct bwdir_checkup *checkup);

/* ---- rights.c ---- */

void check_rights_anonymous(struct bwdir_checkup *checkup);
void check_rights_bwdird(struct bwdir_checkup *checkup);
void check_rights_outbox(struct bwdir_checkup *checkup);

/* ---- users.c ---- */

void check_user_entries(struct bwdir_checkup *checkup);
void check_user_passwords(struct bwdir_checkup *checkup);
void check_user_credentials(struct bwdir_checkup *checkup);
void check_user_mail(struct bwdir_checkup *checkup);

/* ---- admins.c ---- */

void check_user_admins(struct bwdir_checkup *checkup);

/* ---- clock.c ---- */

void check_clock_server(struct bwdir_checkup *checkup);
void check_clock_stamps(struct bwdir_checkup *checkup);

#endif
