/*
 * The conversation with the person, through the host's function
 * (pam_conv(3)).  Texts are fixed English.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_PROMPT_H
#define PAMBW_PROMPT_H

#include "pam_bw/module/module.h"

/*
 * Asks one thing, with echo or without (STYLE PAM_PROMPT_ECHO_ON or _OFF).
 * PAM_SUCCESS and *REPLY, which the caller gives to pambw_reply_free(); else
 * PAM_CONV_ERR, PAM_INCOMPLETE or PAM_BUF_ERR and *REPLY is NULL.
 */
int pambw_prompt(const struct pambw *call, int style, const char *text,
                 char **reply);

/* Wipes and frees a reply; sets the pointer to NULL. */
void pambw_reply_free(char **reply);

/*
 * Asks for a password without echo and puts it into ITEM (PAM_AUTHTOK or
 * PAM_OLDAUTHTOK), which is the only copy.  *TOKEN is that copy.
 */
int pambw_prompt_token(const struct pambw *call, int item, const char *text,
                       const char **token);

/* ITEM when an earlier module has filled it, else NULL. */
const char *pambw_token(const struct pambw *call, int item);

/*
 * Shows TEXT in STYLE (PAM_TEXT_INFO or PAM_ERROR_MSG) unless the host wants
 * silence.  A host that cannot show it is no reason to change a verdict.
 */
void pambw_tell(const struct pambw *call, int style, const char *text);

#endif
