/*
 * A mail as it travels, by GMime.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "compose.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "html.h"

static void
prepare(void)
{
    static bool ready;

    if (!ready)
        g_mime_init();
    ready = true;
}

/* The only mailbox of a header, or NULL; LIST owns it. */
static InternetAddressMailbox *
only_mailbox(const char *text, InternetAddressList **list)
{
    InternetAddress *address;

    *list = internet_address_list_parse(NULL, text);
    if (*list == NULL || internet_address_list_length(*list) != 1)
        return NULL;
    address = internet_address_list_get_address(*list, 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(address))
        return NULL;
    return INTERNET_ADDRESS_MAILBOX(address);
}

/* Cuts `from` into name and address; both are g_free'd by the caller. */
static enum bwdir_status
parse_sender(const char *from, char **name, char **address,
             struct bwdir_detail *why)
{
    InternetAddressList *list = NULL;
    InternetAddressMailbox *mailbox = NULL;

    prepare();
    if (from != NULL && mail_text_is_clean(from, false))
        mailbox = only_mailbox(from, &list);
    if (mailbox != NULL &&
        bwdir_field_check("mail", mailbox->addr, NULL) == BWDIR_OK) {
        *name = g_strdup(internet_address_get_name(&mailbox->parent_object));
        *address = g_strdup(mailbox->addr);
    }
    if (list != NULL)
        g_object_unref(list);
    if (*address != NULL)
        return BWDIR_OK;
    return mail_fail(why, BWDIR_CONFIG,
                     "mail.from \"%s\": one mail address wanted, for example "
                     "accounts@example.com",
                     from == NULL ? "" : from);
}

enum bwdir_status
mail_sender_check(const char *from, struct bwdir_detail *why)
{
    char *name = NULL;
    char *address = NULL;
    enum bwdir_status status = parse_sender(from, &name, &address, why);

    g_free(name);
    g_free(address);
    return status;
}

/* A text that a reader would take for an encoded word (RFC 2047), and GMime
 * leaves as it is, could show him what no check here has seen. */
static bool
looks_encoded(const char *text)
{
    return strstr(text, "=?") != NULL;
}

/* A long word would be broken by folding, and show blanks that it has not. */
#define NAME_MAX_BYTES 256

static bool
fits_header(const char *name)
{
    return !looks_encoded(name) && strlen(name) <= NAME_MAX_BYTES;
}

/*
 * What a name may hold is the library's to say, and an entry that another
 * program wrote is to get its mail too.  Here stands only what guards the
 * headers, whoever wrote the entry: a control byte could end one.
 */
static enum bwdir_status
check_letter(const struct mail_letter *letter, struct bwdir_detail *why)
{
    enum bwdir_status status = bwdir_field_check("mail", letter->to, why);

    if (status != BWDIR_OK)
        return status;
    if (!mail_text_is_clean(letter->to_name, false))
        return mail_fail(why, BWDIR_BAD_VALUE,
                         "name \"%s\": UTF-8 without control characters "
                         "wanted",
                         letter->to_name);
    if (!mail_text_is_clean(letter->text->subject, false) ||
        looks_encoded(letter->text->subject) ||
        !mail_text_is_clean(letter->text->body, true))
        return mail_fail(why, BWDIR_BAD_VALUE,
                         "text: UTF-8 without control characters, and a "
                         "subject without \"=?\" wanted");
    return BWDIR_OK;
}

/* In UTF-8, not in the narrowest charset that GMime can find. */
static void
add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *name,
            const char *address)
{
    InternetAddress *mailbox = internet_address_mailbox_new(name, address);

    internet_address_set_charset(mailbox, "utf-8");
    internet_address_list_add(g_mime_message_get_addresses(message, type),
                              mailbox);
    g_object_unref(mailbox);
}

static void
set_headers(GMimeMessage *message, const struct mail_letter *letter,
            const struct mail_message *envelope, const char *from_name)
{
    GDateTime *now = g_date_time_new_now_utc();
    char *id =
        g_mime_utils_generate_message_id(strchr(envelope->from, '@') + 1);

    add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, from_name, envelope->from);
    add_mailbox(message, GMIME_ADDRESS_TYPE_TO,
                fits_header(letter->to_name) ? letter->to_name : NULL,
                envelope->to);
    g_mime_message_set_subject(message, letter->text->subject, "utf-8");
    g_mime_message_set_date(message, now);
    g_mime_message_set_message_id(message, id);
    g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted",
                             "auto-generated", NULL);
    g_free(id);
    g_date_time_unref(now);
}

static GMimePart *
text_part(const char *subtype, const char *text)
{
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer(text, strlen(text));
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
        stream, GMIME_CONTENT_ENCODING_DEFAULT);

    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset",
                                             "utf-8");
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(
        part, g_mime_part_get_best_content_encoding(
                  part, GMIME_ENCODING_CONSTRAINT_7BIT));
    g_object_unref(content);
    g_object_unref(stream);
    return part;
}

/* The plain text first: readers show the last form that they know (RFC 2046
 * 5.1.4). */
static enum bwdir_status
set_body(GMimeMessage *message, const struct mail_text *text)
{
    GMimeMultipart *forms;
    GMimePart *plain, *rich;
    size_t size;
    char *html = mail_html(text->subject, text->body, &size);

    if (html == NULL)
        return BWDIR_NO_MEMORY;
    forms = g_mime_multipart_new_with_subtype("alternative");
    plain = text_part("plain", text->body);
    rich = text_part("html", html);
    g_mime_multipart_add(forms, GMIME_OBJECT(plain));
    g_mime_multipart_add(forms, GMIME_OBJECT(rich));
    g_mime_message_set_mime_part(message, GMIME_OBJECT(forms));
    g_object_unref(rich);
    g_object_unref(plain);
    g_object_unref(forms);
    explicit_bzero(html, size);
    free(html);
    return BWDIR_OK;
}

static enum bwdir_status
write_out(GMimeMessage *message, struct mail_message *out)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    enum bwdir_status status = BWDIR_NO_MEMORY;
    GByteArray *bytes = GMIME_STREAM_MEM(stream)->buffer;

    if (g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream) >
        0) {
        out->bytes = g_memdup2(bytes->data, bytes->len);
        out->length = bytes->len;
        status = BWDIR_OK;
    }
    explicit_bzero(bytes->data, bytes->len);
    g_object_unref(stream);
    return status;
}

enum bwdir_status
mail_compose(const struct mail_letter *letter, struct mail_message *message,
             struct bwdir_detail *why)
{
    enum bwdir_status status;
    GMimeMessage *mime;
    char *name = NULL;

    memset(message, 0, sizeof *message);
    status = check_letter(letter, why);
    if (status == BWDIR_OK)
        status = parse_sender(letter->from, &name, &message->from, why);
    if (status != BWDIR_OK)
        return status;
    message->to = g_strdup(letter->to);
    mime = g_mime_message_new(TRUE);
    set_headers(mime, letter, message, name);
    status = set_body(mime, letter->text);
    if (status == BWDIR_OK)
        status = write_out(mime, message);
    g_object_unref(mime);
    g_free(name);
    if (status != BWDIR_OK)
        mail_message_clear(message);
    return status;
}

void
mail_message_clear(struct mail_message *message)
{
    if (message->bytes != NULL)
        explicit_bzero(message->bytes, message->length);
    g_free(message->bytes);
    g_free(message->from);
    g_free(message->to);
    memset(message, 0, sizeof *message);
}
