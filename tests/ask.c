/*
 * ask: puts one question, or many, to bwdird as pam_bw.so does, for shell
 * tests.
 *
 *   ask [-a] [-m MS] [-n COUNT] [-s SERVICE] [-r ROLE] SOCKET KIND USER
 *       [TAG=FILE...]
 *       KIND is authenticate, account, change or redeem; -a: an API service;
 *       -m: the deadline sent; each field's bytes are the content of FILE:
 *       password, new, code, phone.  Prints "STATUS DAYS MS" and the fields
 *       of the reply, or "closed MS"; with -n only how often each status
 *       came ("0:1000").
 *   ask -R SOCKET      sends standard input as it is and prints the same
 *   ask -I COUNT SOCKET   opens connections, prints how many, and holds them
 *                      until standard input ends
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bwdir_status.h"
#include "pam_bw/bwdird/clock.h"
#include "pam_bw/wire/wire.h"

#define CLOSED (BWDIR_STATUS_LAST + 1)

struct ask {
    const char *socket;
    enum bw_wire_access access;
    uint32_t deadline;
    long count;
    const char *service;
    const char *role;
    long idle;
    bool raw;
};

struct answer {
    unsigned status;
    int days;
    int64_t ms;
    size_t length;
    uint8_t fields[BW_WIRE_REPLY_MAX];
};

static void __attribute__((noreturn)) fail(const char *what)
{
    fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int
dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd < 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        fail(path);
    return fd;
}

static bool
receive(int fd, void *bytes, size_t length)
{
    char *next = bytes;

    while (length > 0) {
        ssize_t got = recv(fd, next, length, 0);

        if (got <= 0)
            return false;
        next += got;
        length -= (size_t)got;
    }
    return true;
}

static void
exchange(const struct ask *ask, const void *frame, size_t size,
         struct answer *answer)
{
    int64_t began = bwdird_now();
    struct bw_wire_reply reply;
    int fd = dial(ask->socket);

    answer->status = CLOSED;
    answer->length = 0;
    /* The daemon may have hung up already; its reply is there all the same. */
    (void)!send(fd, frame, size, MSG_NOSIGNAL);
    if (receive(fd, &reply, sizeof(reply)) && bw_wire_reply_valid(&reply) &&
        receive(fd, answer->fields, reply.length)) {
        answer->status = reply.status;
        answer->days = reply.days_left;
        answer->length = reply.length;
    }
    answer->ms = bwdird_now() - began;
    close(fd);
}

static const char *
name_of(enum bw_wire_tag tag)
{
    switch ((unsigned)tag) {
    case BW_WIRE_LEVEL:
        return "level";
    case BW_WIRE_ROLES:
        return "roles";
    case BW_WIRE_ACCOUNTS:
        return "accounts";
    case BW_WIRE_ACCESS:
        return "access";
    case BW_WIRE_MESSAGE:
        return "message";
    default:
        return "?";
    }
}

static void
print_answer(const struct answer *answer)
{
    struct bw_wire_reader reader = {.next = answer->fields,
                                    .left = answer->length};
    struct bw_wire_field field;

    if (answer->status == CLOSED)
        printf("closed %ld", (long)answer->ms);
    else
        printf("%u %d %ld", answer->status, answer->days, (long)answer->ms);
    while (bw_wire_next(&reader, &field) == 1)
        printf(" %s=%.*s", name_of(field.tag), (int)field.length, field.bytes);
    putchar('\n');
}

static enum bw_wire_kind
kind_from(const char *name)
{
    static const char *const names[] = {"authenticate", "account", "change",
                                        "redeem"};
    unsigned i;

    for (i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum bw_wire_kind)(BW_WIRE_AUTHENTICATE + i);
    errno = EINVAL;
    fail(name);
}

static size_t
slurp(FILE *file, uint8_t *bytes, size_t size)
{
    size_t length;

    if (file == NULL)
        fail("field");
    length = fread(bytes, 1, size, file);
    if (file != stdin)
        fclose(file);
    return length;
}

static void
put_file(struct bw_wire_writer *writer, const char *argument)
{
    static const struct {
        const char *prefix;
        enum bw_wire_tag tag;
    } tags[] = {{"password=", BW_WIRE_PASSWORD},
                {"new=", BW_WIRE_NEW_PASSWORD},
                {"code=", BW_WIRE_CODE},
                {"phone=", BW_WIRE_PHONE}};
    uint8_t bytes[BW_WIRE_REQUEST_MAX];
    size_t i, length = 0;

    for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        length = strlen(tags[i].prefix);
        if (strncmp(argument, tags[i].prefix, length) == 0)
            break;
    }
    errno = EINVAL;
    if (i == sizeof(tags) / sizeof(tags[0]))
        fail(argument);
    length = slurp(fopen(argument + length, "r"), bytes, sizeof(bytes));
    bw_wire_put(writer, tags[i].tag, bytes, length);
}

/* ARGUMENTS: KIND USER [TAG=FILE...] */
static size_t
make_frame(const struct ask *ask, char **arguments, uint8_t *frame)
{
    struct bw_wire_request header = {
        .version = BW_WIRE_VERSION,
        .kind = (uint8_t)kind_from(arguments[0]),
        .access = (uint8_t)ask->access,
        .deadline_ms = ask->deadline,
    };
    struct bw_wire_writer writer;

    memcpy(header.user, arguments[1],
           strnlen(arguments[1], sizeof(header.user)));
    bw_wire_start(&writer, frame, BW_WIRE_REQUEST_MAX, sizeof(header));
    bw_wire_put(&writer, BW_WIRE_SERVICE, ask->service, strlen(ask->service));
    if (ask->role != NULL)
        bw_wire_put(&writer, BW_WIRE_REQUIRE_ROLE, ask->role,
                    strlen(ask->role));
    for (arguments += 2; *arguments != NULL; arguments++)
        put_file(&writer, *arguments);
    errno = EMSGSIZE;
    if (writer.overflow)
        fail("frame");
    header.length = (uint32_t)(writer.used - sizeof(header));
    memcpy(frame, &header, sizeof(header));
    return writer.used;
}

static void
ask_many(const struct ask *ask, const uint8_t *frame, size_t size,
         struct answer *answer)
{
    unsigned long counts[CLOSED + 1] = {0};
    const char *blank = "";
    unsigned status;
    long turn;

    for (turn = 0; turn < ask->count; turn++) {
        exchange(ask, frame, size, answer);
        counts[answer->status]++;
    }
    for (status = 0; status <= CLOSED; status++) {
        if (counts[status] == 0)
            continue;
        printf("%s%u:%lu", blank, status, counts[status]);
        blank = " ";
    }
    putchar('\n');
}

static int
hold_idle(const struct ask *ask)
{
    long i;

    for (i = 0; i < ask->idle; i++)
        dial(ask->socket);
    printf("%ld\n", i);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    return 0;
}

static void
read_options(struct ask *ask, int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "am:n:s:r:RI:")) != -1) {
        if (option == 'a')
            ask->access = BW_WIRE_API;
        else if (option == 'm')
            ask->deadline = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'n')
            ask->count = strtol(optarg, NULL, 10);
        else if (option == 's')
            ask->service = optarg;
        else if (option == 'r')
            ask->role = optarg;
        else if (option == 'R')
            ask->raw = true;
        else if (option == 'I')
            ask->idle = strtol(optarg, NULL, 10);
        else
            exit(64);
    }
    if (ask->deadline == 0)
        ask->deadline = bw_wire_deadline_ms(ask->access);
}

int
main(int argc, char **argv)
{
    static struct answer answer;
    static uint8_t frame[2 * BW_WIRE_REQUEST_MAX];
    struct ask ask = {.access = BW_WIRE_DASHBOARD, .service = "test"};
    size_t size;

    read_options(&ask, argc, argv);
    ask.socket = argv[optind];
    if (argc - optind < (ask.raw || ask.idle > 0 ? 1 : 3))
        return 64;
    if (ask.idle > 0)
        return hold_idle(&ask);
    size = ask.raw ? slurp(stdin, frame, sizeof(frame))
                   : make_frame(&ask, argv + optind + 1, frame);
    if (ask.count > 0) {
        ask_many(&ask, frame, size, &answer);
        return 0;
    }
    exchange(&ask, frame, size, &answer);
    print_answer(&answer);
    return 0;
}
