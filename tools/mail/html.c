/*
 * The HTML form of a mail's text.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                  \
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>"
#define BODY                                                                  \
    "</title>\n</head>\n<body style=\"font-family: sans-serif; "              \
    "line-height: 1.5; max-width: 40em; margin: 1em auto; "                   \
    "padding: 0 1em\">\n"
#define TAIL "</body>\n</html>\n"
#define PARAGRAPH "<p dir=\"auto\">"
#define PARAGRAPH_END "</p>\n"
#define BLOCK                                                                 \
    "<pre dir=\"auto\" style=\"font-family: monospace; "                      \
    "background: #f2f2f2; padding: 0.8em 1em; overflow: auto\">"
#define BLOCK_END "</pre>\n"

/* A character as it may stand between tags, or NULL: as it is. */
static const char *
escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* What is written, or, where AT is NULL, only how long it is. */
struct sink {
    char *at;
    size_t size;
};

static void
put(struct sink *sink, const char *bytes, size_t length)
{
    if (sink->at != NULL)
        memcpy(sink->at + sink->size, bytes, length);
    sink->size += length;
}

static void
put_tag(struct sink *sink, const char *tag)
{
    put(sink, tag, strlen(tag));
}

static void
put_text(struct sink *sink, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *escaped = escape(text[i]);

        if (escaped != NULL)
            put_tag(sink, escaped);
        else
            put(sink, &text[i], 1);
    }
}

enum shape { NOTHING, IN_PARAGRAPH, IN_BLOCK };

static const struct {
    const char *start, *between, *end;
} tags[] = {
    [NOTHING] = {"", "", ""},
    [IN_PARAGRAPH] = {PARAGRAPH, "\n", PARAGRAPH_END},
    [IN_BLOCK] = {BLOCK, "\n", BLOCK_END},
};

static enum shape
shape_of(const char *line, size_t length)
{
    if (length == 0)
        return NOTHING;
    return strncmp(line, "    ", 4) == 0 ? IN_BLOCK : IN_PARAGRAPH;
}

static void
put_lines(struct sink *sink, const char *text)
{
    enum shape open = NOTHING;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        enum shape shape = shape_of(text, length);
        size_t indent = shape == IN_BLOCK ? 4 : 0;

        if (shape != open)
            put_tag(sink, tags[open].end);
        put_tag(sink, shape != open ? tags[shape].start : tags[shape].between);
        put_text(sink, text + indent, length - indent);
        open = shape;
        text += length + (text[length] == '\n');
    }
    put_tag(sink, tags[open].end);
}

static void
put_document(struct sink *sink, const char *subject, const char *text)
{
    put_tag(sink, HEAD);
    put_text(sink, subject, strlen(subject));
    put_tag(sink, BODY);
    put_lines(sink, text);
    put_tag(sink, TAIL);
    put(sink, "", 1);
}

char *
mail_html(const char *subject, const char *text, size_t *size)
{
    struct sink sink = {NULL, 0};
    char *html;

    put_document(&sink, subject, text);
    html = malloc(sink.size);
    if (html == NULL)
        return NULL;
    *size = sink.size;
    sink = (struct sink){html, 0};
    put_document(&sink, subject, text);
    return html;
}
