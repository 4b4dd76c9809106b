/*
 * Fills a sandbox: writes the users, accounts and service identities of
 * contrib/sandbox as LDIF for slapadd(8), and each password into a file of
 * its own.  Passwords begin with "Marker-", so that a test can search for
 * one that leaked.
 *
 *     sandbox-seed DIR BASE argon2id|cheap|ssha COUNT
 *
 * writes DIR/secrets/NAME, DIR/ldif/seed.ldif and DIR/ldif/rootpw.ldif;
 * COUNT is the number of users u0000001 …
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "bwdir.h"
#include "code.h"
#include "gtime.h"
#include "hash.h"

#define DAY 86400

/* Where everything goes. */
struct seed {
    const char *base;
    const char *hash;
    int64_t now;
    int secrets; /* directory */
    FILE *ldif;
};

enum account { FIRST = 1, SECOND = 2 };

struct person {
    const char *name;
    const char *first;
    const char *last;
    const char *level;
    const char *access;
    const char *role;
    int accounts; /* bitwise or of enum account */
    int age;      /* of the password, in days */
    bool disabled;
    bool unverified; /* and without a password */
};

/* The phone is 91955501NN, NN being the place in this list. */
static const struct person people[] = {
    {"alice", "Alice", "Archer", "admin", "dashboard", "user-administrator",
     FIRST, 10, false, false},
    {"bob", "Bob", "Baker", "admin", "dashboard", "ordering", SECOND, 10,
     false, false},
    {"dana", "Dana", "Dyer", "basic", "dashboard", "ordering", FIRST, 10,
     false, false},
    {"robot", "Robot", "Porter", "basic", "api", "ordering", FIRST, 10, false,
     false},
    {"bothy", "Bothy", "Cooper", "basic", "dashboard-api", "ordering", FIRST,
     10, false, false},
    {"olga", "Olga", "Potter", "basic", "dashboard", "ordering", FIRST, 91,
     false, false},
    {"wanda", "Wanda", "Weaver", "basic", "dashboard", "ordering", FIRST, 80,
     false, false},
    {"rolf", "Rolf", "Sawyer", "basic", "dashboard-api", "ordering", FIRST,
     400, false, false},
    {"dieter", "Dieter", "Fischer", "basic", "dashboard", "ordering", FIRST,
     10, true, false},
    {"newt", "Newt", "Tanner", "basic", "dashboard", "ordering", FIRST, 0,
     false, true},
    {"carl", "Carl", "Carter", "basic", "dashboard", "ordering", SECOND, 10,
     false, false},
    {"gina", "Gina", "Glover", "basic", "dashboard", "ordering",
     FIRST | SECOND, 10, false, false},
};

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("sandbox-seed: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static void
need(enum bwdir_status status, const char *what)
{
    if (status != BWDIR_OK)
        die("%s: %s", what, bwdir_strerror(status));
}

/* As ldapsearch -y wants it: no newline at the end. */
static void
store_secret(const struct seed *seed, const char *name,
             const struct bwdir_secret *secret)
{
    size_t length = bwdir_secret_length(secret);
    int fd = openat(seed->secrets, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

    if (fd < 0 ||
        write(fd, bwdir_secret_bytes(secret), length) != (ssize_t)length ||
        close(fd) != 0)
        die("secrets/%s: %s", name, strerror(errno));
}

/* "Marker-<name>-" and 100 random bits; kept in secrets/ unless HIDDEN. */
static struct bwdir_secret *
new_password(const struct seed *seed, const char *name, bool hidden)
{
    char text[BWDIR_PASSWORD_MAX];
    struct bwdir_secret *code = NULL;
    struct bwdir_secret *password = NULL;
    int length;

    need(bwdir_code_new(&code), name);
    length = snprintf(text, sizeof text, "Marker-%s-%s", name,
                      bwdir_secret_bytes(code));
    need(bwdir_secret_new(text, (size_t)length, &password), name);
    explicit_bzero(text, sizeof text);
    bwdir_secret_free(&code);
    if (!hidden)
        store_secret(seed, name, password);
    return password;
}

/* {SSHA}: base64 of SHA-1 of password and salt, then the salt. */
static void
hash_ssha(const struct bwdir_secret *password, char hash[BWDIR_HASH_SIZE])
{
    unsigned char bytes[20 + 8];
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context == NULL || RAND_bytes(bytes + 20, 8) != 1 ||
        EVP_DigestInit_ex(context, EVP_sha1(), NULL) != 1 ||
        EVP_DigestUpdate(context, bwdir_secret_bytes(password),
                         bwdir_secret_length(password)) != 1 ||
        EVP_DigestUpdate(context, bytes + 20, 8) != 1 ||
        EVP_DigestFinal_ex(context, bytes, NULL) != 1)
        die("SHA-1 failed");
    EVP_MD_CTX_free(context);
    memcpy(hash, "{SSHA}", 6);
    EVP_EncodeBlock((unsigned char *)hash + 6, bytes, sizeof bytes);
}

/* The hash of a new password for NAME. */
static void
hash_for(const struct seed *seed, const char *name, bool hidden,
         char hash[BWDIR_HASH_SIZE])
{
    struct bwdir_secret *password = new_password(seed, name, hidden);

    if (strcmp(seed->hash, "ssha") == 0)
        hash_ssha(password, hash);
    else if (strcmp(seed->hash, "cheap") == 0)
        need(bwdir_hash_code(password, hash), name);
    else
        need(bwdir_hash_password(password, hash), name);
    bwdir_secret_free(&password);
}

/* Random enough that the least cost will do: nobody guesses it. */
static void
cheap_hash_for(const struct seed *seed, const char *name,
               char hash[BWDIR_HASH_SIZE])
{
    struct bwdir_secret *password = new_password(seed, name, false);

    need(bwdir_hash_code(password, hash), name);
    bwdir_secret_free(&password);
}

static void
put_time(const struct seed *seed, const char *attribute, int64_t seconds)
{
    char text[BWDIR_GTIME_SIZE];

    if (!bwdir_gtime_format(seconds, text))
        die("%s: no such time: %" PRId64, attribute, seconds);
    fprintf(seed->ldif, "%s: %s\n", attribute, text);
}

static void
put_account(const struct seed *seed, const char *number, const char *admin,
            const char *products)
{
    fprintf(seed->ldif,
            "dn: cn=%s,ou=accounts,%s\n"
            "objectClass: bwAccountRecord\n"
            "cn: %s\n"
            "bwAccountAdmin: uid=%s,ou=people,%s\n"
            "%s\n",
            number, seed->base, number, admin, seed->base, products);
}

static void
put_service(const struct seed *seed, const char *name, const char *description,
            const char *hash)
{
    fprintf(seed->ldif,
            "dn: cn=%s,ou=services,%s\n"
            "objectClass: applicationProcess\n"
            "objectClass: simpleSecurityObject\n"
            "cn: %s\n"
            "description: %s\n"
            "userPassword: %s\n"
            "pwdPolicySubentry: cn=service,ou=access,%s\n\n",
            name, seed->base, name, description, hash, seed->base);
}

/* Everything of a user but password and accounts. */
static void
put_person(const struct seed *seed, const struct person *person,
           const char *phone)
{
    fprintf(seed->ldif,
            "dn: uid=%s,ou=people,%s\n"
            "objectClass: inetOrgPerson\n"
            "objectClass: bwUser\n"
            "uid: %s\ngivenName: %s\nsn: %s\ncn: %s %s\n"
            "mail: %s@example.com\n"
            "bwWorkPhone: %s\n"
            "bwAdministrationLevel: %s\n"
            "bwVerificationState: %s\n"
            "bwRole: cn=%s,ou=roles,%s\n"
            "pwdPolicySubentry: cn=%s,ou=access,%s\n",
            person->name, seed->base, person->name, person->first,
            person->last, person->first, person->last, person->name, phone,
            person->level, person->unverified ? "unverified" : "verified",
            person->role, seed->base, person->access, seed->base);
    if (person->accounts & FIRST)
        fprintf(seed->ldif, "bwAccount: cn=5500001,ou=accounts,%s\n",
                seed->base);
    if (person->accounts & SECOND)
        fprintf(seed->ldif, "bwAccount: cn=5500002,ou=accounts,%s\n",
                seed->base);
    if (person->disabled)
        put_time(seed, "pwdEndTime", seed->now - DAY);
}

/* The rest of a user who has a password, and the end of the entry. */
static void
put_password(const struct seed *seed, const char *hash, int age)
{
    fprintf(seed->ldif, "userPassword: %s\n", hash);
    put_time(seed, "pwdChangedTime", seed->now - (int64_t)age * DAY);
    fputc('\n', seed->ldif);
}

/* The sign-up credential of PERSON; its code goes to secrets/NAME. */
static void
put_credential(const struct seed *seed, const struct person *person,
               const char *phone)
{
    char hash[BWDIR_HASH_SIZE];
    char name[BWDIR_CREDENTIAL_SIZE];
    struct bwdir_secret *code = NULL;
    struct bwdir_secret *password = NULL;

    need(bwdir_code_new(&code), person->name);
    need(bwdir_code_credential(code, name), person->name);
    store_secret(seed, person->name, code);
    need(bwdir_code_with_phone(code, phone, &password), person->name);
    need(bwdir_hash_code(password, hash), person->name);
    bwdir_secret_free(&code);
    bwdir_secret_free(&password);
    fprintf(seed->ldif,
            "dn: cn=%s,uid=%s,ou=people,%s\n"
            "objectClass: bwVerification\n"
            "cn: %s\n"
            "mail: %s@example.com\n"
            "bwWorkPhone: %s\n"
            "bwSetsPassword: TRUE\n"
            "pwdPolicySubentry: cn=verification,ou=access,%s\n",
            name, person->name, seed->base, name, person->name, phone,
            seed->base);
    put_time(seed, "bwDelivered", seed->now);
    put_password(seed, hash, 0);
}

static void
put_people(const struct seed *seed)
{
    char hash[BWDIR_HASH_SIZE];
    char phone[16];

    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        const struct person *person = &people[i];

        snprintf(phone, sizeof phone, "91955501%02zu", i + 1);
        put_person(seed, person, phone);
        if (person->unverified) {
            fputc('\n', seed->ldif);
            put_credential(seed, person, phone);
        } else {
            hash_for(seed, person->name, false, hash);
            put_password(seed, hash, person->age);
        }
    }
}

/* COUNT users of the APIs, all with the password in secrets/users. */
static void
put_crowd(const struct seed *seed, long count)
{
    char hash[BWDIR_HASH_SIZE];
    char name[32];
    char phone[32];
    struct person person;

    if (count == 0)
        return;
    hash_for(seed, "users", false, hash);
    person = (struct person){.name = name,
                             .first = "User",
                             .last = name,
                             .level = "basic",
                             .access = "api",
                             .role = "ordering",
                             .accounts = FIRST};
    for (long i = 1; i <= count; i++) {
        snprintf(name, sizeof name, "u%07ld", i);
        snprintf(phone, sizeof phone, "920%07ld", i);
        put_person(seed, &person, phone);
        put_password(seed, hash, 10);
    }
}

static void
put_services(const struct seed *seed)
{
    char hash[BWDIR_HASH_SIZE];

    cheap_hash_for(seed, "bwdird", hash);
    put_service(seed, "bwdird", "The daemon: reads, writes nothing", hash);
    cheap_hash_for(seed, "outbox", hash);
    put_service(seed, "outbox", "Delivers mail that is owed", hash);
    /* As dear as a user's, for it is asked in the place of unknown users. */
    hash_for(seed, "decoy", true, hash);
    put_service(seed, "decoy", "Bound in the place of unknown users", hash);
}

static void
put_root(const struct seed *seed, const char *directory)
{
    char path[256];
    char hash[BWDIR_HASH_SIZE];
    FILE *file;

    snprintf(path, sizeof path, "%s/ldif/rootpw.ldif", directory);
    file = fopen(path, "wxe");
    if (file == NULL)
        die("%s: %s", path, strerror(errno));
    cheap_hash_for(seed, "admin", hash);
    if (fprintf(file, "olcRootPW: %s\n", hash) < 0 || fclose(file) != 0)
        die("%s: %s", path, strerror(errno));
}

static void
open_seed(struct seed *seed, const char *directory)
{
    char path[256];

    umask(077);
    snprintf(path, sizeof path, "%s/secrets", directory);
    seed->secrets = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (seed->secrets < 0)
        die("%s: %s", path, strerror(errno));
    snprintf(path, sizeof path, "%s/ldif/seed.ldif", directory);
    seed->ldif = fopen(path, "wxe");
    if (seed->ldif == NULL)
        die("%s: %s", path, strerror(errno));
}

int
main(int argc, char **argv)
{
    struct seed seed = {.now = time(NULL)};
    long count;

    if (argc != 5)
        die("usage: sandbox-seed DIR BASE argon2id|cheap|ssha COUNT");
    seed.base = argv[2];
    seed.hash = argv[3];
    count = strtol(argv[4], NULL, 10);
    open_seed(&seed, argv[1]);
    put_root(&seed, argv[1]);
    put_account(&seed, "5500001", "alice",
                "bwProduct: uc\n"
                "bwProduct: hosted-messaging\n"
                "bwProduct: v2-messaging\n");
    put_account(&seed, "5500002", "bob", "");
    put_services(&seed);
    put_people(&seed);
    put_crowd(&seed, count);
    if (ferror(seed.ldif) || fclose(seed.ldif) != 0)
        die("seed.ldif: %s", strerror(errno));
    return EXIT_SUCCESS;
}
