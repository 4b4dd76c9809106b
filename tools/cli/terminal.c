/*
 * Asking a person over the terminal.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_SIZE (BWDIR_PASSWORD_MAX + 1)

/* These do nothing to a program that does not ask for them, or cannot be
 * held; all others would end or stop it while the echo is off. */
static const int let_through[] = {SIGCHLD,  SIGCONT, SIGURG,
                                  SIGWINCH, SIGKILL, SIGSTOP};

static volatile sig_atomic_t caught;
static struct sigaction actions[NSIG]; /* of the program, while ours stand */

struct terminal {
    int in;
    int out;
    bool opened;
    bool hidden;
    struct termios before;
    sigset_t mask; /* of the program, while ours holds the signals back */
};

static void
note(int signal_number)
{
    caught = signal_number;
}

bool
cli_somebody_there(void)
{
    return isatty(STDIN_FILENO);
}

static bool
open_terminal(struct terminal *terminal)
{
    terminal->in = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    terminal->out = terminal->in;
    terminal->opened = terminal->in >= 0;
    if (terminal->opened)
        return true;
    terminal->in = STDIN_FILENO;
    terminal->out = STDERR_FILENO;
    return cli_somebody_there();
}

static void
close_terminal(struct terminal *terminal)
{
    if (terminal->opened)
        close(terminal->in);
}

static void
put(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));

    (void)ignored;
}

/*
 * One byte.  Signals that are held back come in with MASK, and only while
 * nothing is there to be read; between a look at `caught` and a read(2) one
 * would be lost.
 */
static ssize_t
take_byte(int fd, const sigset_t *mask, char *byte)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    for (;;) {
        ssize_t got = -1;

        if (ppoll(&ready, 1, NULL, mask) > 0)
            got = read(fd, byte, 1);
        if (got >= 0 || errno != EINTR || caught != 0)
            return got;
    }
}

/*
 * Reads byte by byte, because what follows the line is not ours.  A line
 * that does not fit is read to its end.
 */
static enum bwdir_status
take_line(int fd, const sigset_t *mask, char *buffer, size_t size)
{
    enum bwdir_status status = BWDIR_NOT_FOUND;
    size_t used = 0;
    char byte = '\0';

    for (;;) {
        if (take_byte(fd, mask, &byte) <= 0 || byte == '\n')
            break;
        if (used + 1 < size && byte != '\0')
            buffer[used++] = byte;
        else
            status = BWDIR_BAD_VALUE;
    }
    buffer[used] = '\0';
    if (status != BWDIR_BAD_VALUE && caught == 0 && (used > 0 || byte == '\n'))
        status = BWDIR_OK;
    byte = 0;
    return status;
}

static bool
is_held(int number)
{
    for (size_t i = 0; i < sizeof let_through / sizeof let_through[0]; i++)
        if (let_through[i] == number)
            return false;
    return true;
}

/* Everything is blocked but while a byte is waited for, so a fault of our own
 * ends the program as ever.  What the program ignores stays ignored. */
static void
hold_signals(struct terminal *terminal)
{
    struct sigaction noting = {.sa_handler = note};
    sigset_t held;

    caught = 0;
    sigemptyset(&noting.sa_mask);
    sigfillset(&held);
    sigprocmask(SIG_BLOCK, &held, &terminal->mask);
    for (int number = 1; number < NSIG; number++)
        if (is_held(number) &&
            sigaction(number, NULL, &actions[number]) == 0 &&
            actions[number].sa_handler != SIG_IGN)
            sigaction(number, &noting, NULL);
}

static void
release_signals(const struct terminal *terminal)
{
    for (int number = 1; number < NSIG; number++)
        if (is_held(number))
            sigaction(number, &actions[number], NULL);
    sigprocmask(SIG_SETMASK, &terminal->mask, NULL);
}

static void
hide_echo(struct terminal *terminal)
{
    struct termios quiet;

    /* Stops us here while we are in the background, where the terminal is
     * somebody else's. */
    tcdrain(terminal->in);
    hold_signals(terminal);
    terminal->hidden = tcgetattr(terminal->in, &terminal->before) == 0;
    if (!terminal->hidden)
        return;
    quiet = terminal->before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    tcsetattr(terminal->in, TCSAFLUSH, &quiet);
}

static void
show_echo(struct terminal *terminal)
{
    if (terminal->hidden)
        tcsetattr(terminal->in, TCSANOW, &terminal->before);
    put(terminal->out, "\n");
    release_signals(terminal);
}

/* Asks again after the program was stopped and continued. */
static enum bwdir_status
take_secret(struct terminal *terminal, const char *question, char *buffer)
{
    enum bwdir_status status;
    int number;

    do {
        hide_echo(terminal);
        put(terminal->out, question);
        status = take_line(terminal->in, &terminal->mask, buffer, SECRET_SIZE);
        show_echo(terminal);
        number = caught;
        caught = 0;
        if (number != 0)
            raise(number);
    } while (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU);
    return number == 0 ? status : BWDIR_NOT_FOUND;
}

enum bwdir_status
cli_ask(const char *question, char *buffer, size_t size)
{
    struct terminal terminal;
    enum bwdir_status status;

    buffer[0] = '\0';
    if (!open_terminal(&terminal))
        return BWDIR_NOT_FOUND;
    caught = 0;
    put(terminal.out, question);
    status = take_line(terminal.in, NULL, buffer, size);
    close_terminal(&terminal);
    return status;
}

enum bwdir_status
cli_ask_secret(const char *question, struct bwdir_secret **secret)
{
    struct terminal terminal;
    char buffer[SECRET_SIZE];
    enum bwdir_status status;

    *secret = NULL;
    if (!open_terminal(&terminal))
        return BWDIR_NOT_FOUND;
    status = take_secret(&terminal, question, buffer);
    if (status == BWDIR_OK)
        status = bwdir_secret_new(buffer, strlen(buffer), secret);
    explicit_bzero(buffer, sizeof buffer);
    close_terminal(&terminal);
    return status;
}

enum bwdir_status
cli_read_line(char *buffer, size_t size)
{
    caught = 0;
    return take_line(STDIN_FILENO, NULL, buffer, size);
}

enum bwdir_status
cli_read_secret_line(struct bwdir_secret **secret)
{
    char buffer[SECRET_SIZE];
    enum bwdir_status status = cli_read_line(buffer, sizeof buffer);

    *secret = NULL;
    if (status == BWDIR_OK)
        status = bwdir_secret_new(buffer, strlen(buffer), secret);
    explicit_bzero(buffer, sizeof buffer);
    return status;
}

bool
cli_secrets_equal(const struct bwdir_secret *a, const struct bwdir_secret *b)
{
    return bwdir_secret_length(a) == bwdir_secret_length(b) &&
           memcmp(bwdir_secret_bytes(a), bwdir_secret_bytes(b),
                  bwdir_secret_length(a)) == 0;
}
