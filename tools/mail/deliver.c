/*
 * Which transport the configuration wants.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "deliver.h"

#include <string.h>

#include "failure.h"

/* A transport, the option it cannot do without, and that option's value. */
struct choice {
    const char *name;
    const char *option;
    const char *value;
    enum bwdir_status (*deliver)(struct mail_transport *transport,
                                 struct mail_delivery *delivery,
                                 struct bwdir_detail *why);
};

enum bwdir_status
mail_transport_choose(const struct bwdir_config *config,
                      struct mail_transport *transport,
                      struct bwdir_detail *why)
{
    const char *wanted = bwdir_config_text(config, "mail.transport");
    struct mail_transport chosen = {
        .maildir = bwdir_config_text(config, "mail.maildir"),
        .sendmail = bwdir_config_text(config, "mail.sendmail"),
        .sendmail_seconds = MAIL_SECONDS,
        .smtp_uri = bwdir_config_text(config, "mail.smtp-uri"),
        .smtp_ca_file = bwdir_config_text(config, "mail.smtp-ca-file"),
        .smtp_user = bwdir_config_text(config, "mail.smtp-user"),
        .config = config,
    };
    const struct choice choices[] = {
        {"maildir", "maildir", chosen.maildir, mail_to_maildir},
        {"smtp", "smtp-uri", chosen.smtp_uri, mail_to_smtp},
        {"sendmail", "sendmail", chosen.sendmail, mail_to_sendmail},
    };

    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        if (wanted == NULL || strcmp(wanted, choices[i].name) != 0)
            continue;
        if (choices[i].value == NULL)
            return mail_fail(why, BWDIR_CONFIG,
                             "mail.%s: wanted by the transport %s",
                             choices[i].option, choices[i].name);
        chosen.deliver = choices[i].deliver;
        *transport = chosen;
        return BWDIR_OK;
    }
    return mail_fail(why, BWDIR_CONFIG,
                     "mail.transport \"%s\": maildir, smtp or sendmail wanted",
                     wanted == NULL ? "" : wanted);
}

void
mail_transport_close(struct mail_transport *transport)
{
    mail_smtp_close(transport);
}

enum bwdir_status
mail_deliver(struct mail_transport *transport, struct mail_delivery *delivery,
             struct bwdir_detail *why)
{
    delivery->uncertain = false;
    delivery->answer[0] = '\0';
    return transport->deliver(transport, delivery, why);
}

enum bwdir_status
mail_permit(const struct mail_delivery *delivery, struct bwdir_detail *why)
{
    if (delivery->permit == NULL)
        return BWDIR_OK;
    return delivery->permit(delivery->closure, why);
}
