/*
 * What bwdir-add and bwdir-mail need to send a mail: looked at as they do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checks.h"

#include "../mail/office.h"

void
check_mail_texts(struct bwdir_checkup *checkup)
{
    const struct bwdir_config *config = bwdir_checkup_config(checkup);
    struct mail_office *office = NULL;
    struct bwdir_detail why = {""};

    if (mail_office_open(config, &office, &why) == BWDIR_OK) {
        bwdir_checkup_ok(checkup, "texts in %s, to be sent by %s",
                         bwdir_config_text(config, "mail.template-dir"),
                         bwdir_config_text(config, "mail.transport"));
    } else {
        bwdir_checkup_remedy(checkup, "mend the file or section mail of "
                                      "bwdir.conf: sign-up codes cannot be "
                                      "sent");
        bwdir_checkup_fail(checkup, "%s", why.text);
    }
    mail_office_close(&office);
}
