/*
 * What bwdir-add and bwdir-mail need to send a mail: looked at as they do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../mail/office.h"

/* A program that is not there would show at the first mail only. */
static bool
sendmail_is_there(const struct bwdir_config *config, struct bwdir_detail *why)
{
    const char *path = bwdir_config_text(config, "mail.sendmail");

    if (strcmp(bwdir_config_text(config, "mail.transport"), "sendmail") != 0 ||
        access(path, X_OK) == 0)
        return true;
    snprintf(why->text, sizeof why->text, "%s: %s", path,
             strerrordesc_np(errno));
    return false;
}

void
check_mail_texts(struct bwdir_checkup *checkup)
{
    const struct bwdir_config *config = bwdir_checkup_config(checkup);
    struct mail_office *office = NULL;
    struct bwdir_detail why = {""};

    if (mail_office_open(config, &office, &why) == BWDIR_OK &&
        sendmail_is_there(config, &why)) {
        bwdir_checkup_ok(checkup, "texts in %s, to be sent by %s",
                         bwdir_config_text(config, "mail.template-dir"),
                         bwdir_config_text(config, "mail.transport"));
    } else {
        bwdir_checkup_remedy(checkup, "install it, or mend the file or "
                                      "section mail of bwdir.conf: sign-up "
                                      "codes cannot be sent");
        bwdir_checkup_fail(checkup, "%s", why.text);
    }
    mail_office_close(&office);
}
