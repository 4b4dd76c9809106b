/*
 * bwdir.conf(5): what it gives, and each way to get it wrong.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>

#include "libbwdir/configuration.h"
#include "trusted_file.h"

#define LEAST "base = \"dc=example,dc=com\"\nuri = \"ldapi:///\"\n"

static enum bwdir_status
load(const char *text, struct bwdir_config **config, struct bwdir_detail *why)
{
    const char *path =
        trusted_file_write("bwdir.conf", text, strlen(text), 0644);

    memset(why, 0, sizeof(*why));
    return bwdir_config_load(path, config, why);
}

static struct bwdir_config *
loaded(const char *text)
{
    struct bwdir_config *config = NULL;
    struct bwdir_detail why;
    enum bwdir_status status = load(text, &config, &why);

    if (status != BWDIR_OK)
        print_error("%s\n", why.text);
    assert_int_equal(status, BWDIR_OK);
    assert_non_null(config);
    return config;
}

static void
test_load_defaults(void **state)
{
    static const struct {
        const char *option;
        const char *value;
    } defaults[] = {
        {"base", "dc=example,dc=com"},
        {"tls-ca-file", NULL},
        {"tools.bind-dn", NULL},
        {"tools.secret-file", NULL},
        {"tools.sasl-mech", NULL},
        {"tools.log", "syslog"},
        {"tools.keep-dir", LOCALSTATEDIR "/lib/bwdir/deleted"},
        {"outbox.bind-dn", NULL},
        {"outbox.secret-file", NULL},
        {"outbox.sasl-mech", NULL},
        {"bwdird.bind-dn", NULL},
        {"bwdird.secret-file", NULL},
        {"bwdird.sasl-mech", NULL},
        {"bwdird.decoy-dn", "cn=decoy,ou=services,dc=example,dc=com"},
        {"bwdird.socket", "/run/bwdir/bwdird.sock"},
        {"bwdird.user", "bwdir"},
        {"bwdird.log", "syslog"},
        {"bwdird.passwd-file", "/etc/passwd"},
        {"mail.transport", "sendmail"},
        {"mail.maildir", NULL},
        {"mail.sendmail", "/usr/sbin/sendmail"},
        {"mail.smtp-uri", NULL},
        {"mail.smtp-ca-file", NULL},
        {"mail.smtp-user", NULL},
        {"mail.smtp-secret-file", NULL},
        {"mail.from", NULL},
    };
    struct bwdir_config *config = loaded(LEAST);

    (void)state;
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        const char *value = bwdir_config_text(config, defaults[i].option);

        if (defaults[i].value == NULL)
            assert_null(value);
        else
            assert_string_equal(value, defaults[i].value);
    }
    assert_non_null(bwdir_config_text(config, "mail.template-dir"));
    assert_int_equal(bwdir_config_number(config, "bwdird.workers"), 4);
    assert_string_equal(bwdir_config_uris(config)[0], "ldapi:///");
    assert_null(bwdir_config_uris(config)[1]);
    bwdir_config_free(&config);
    assert_null(config);
    bwdir_config_free(&config);
}

static void
test_load_everything(void **state)
{
    struct bwdir_config *config = loaded(
        "# a comment\n"
        "base = 'dc=b,dc=w'\n"
        "uri = { \"ldapi://%2Frun%2Fx\", \"ldaps://a.example\",\n"
        "        \"ldaps://[::1]:6636/\", \"ldap://b.example:389\" }\n"
        "tls-ca-file = /etc/bwdir/ca.pem\n"
        "tools { sasl-mech = EXTERNAL }\n"
        "outbox { bind-dn = \"cn=o\" secret-file = /s/o }\n"
        "bwdird {\n"
        "  bind-dn = \"cn=d\"\n  secret-file = \"/s/d\"\n"
        "  decoy-dn = \"cn=x\"\n  socket = /run/s\n  user = nobody\n"
        "  workers = 64\n  log = /var/log/bwdird\n"
        "  passwd-file = /p\n}\n"
        "mail { transport = smtp smtp-uri = \"smtps://m.example:465\"\n"
        "  smtp-user = u smtp-secret-file = /s/m smtp-ca-file = /c\n"
        "  maildir = /m sendmail = /sm from = \"a@b\" template-dir = /t }\n");
    const char *const *uris = bwdir_config_uris(config);

    (void)state;
    assert_string_equal(bwdir_config_text(config, "base"), "dc=b,dc=w");
    assert_string_equal(uris[0], "ldapi://%2Frun%2Fx");
    assert_string_equal(uris[3], "ldap://b.example:389");
    assert_null(uris[4]);
    assert_string_equal(bwdir_config_text(config, "tools.sasl-mech"),
                        "EXTERNAL");
    assert_string_equal(bwdir_config_text(config, "outbox.secret-file"),
                        "/s/o");
    assert_string_equal(bwdir_config_text(config, "bwdird.decoy-dn"), "cn=x");
    assert_int_equal(bwdir_config_number(config, "bwdird.workers"), 64);
    assert_string_equal(bwdir_config_text(config, "mail.smtp-uri"),
                        "smtps://m.example:465");
    bwdir_config_free(&config);
}

/* A file, and words that the complaint about it must hold. */
static const struct {
    const char *text;
    const char *words;
} refused[] = {
    {"", "uri is missing"},
    {"uri = \"ldapi:///\"\n", "base is missing"},
    {"base = \"dc=x\"\n", "uri is missing"},
    {"base = \"dc=x\"\nuri = {}\n", "uri is missing"},
    {"base = \"\"\n", ":1: base \"\": a DN wanted"},
    {"base = x\n", ":1: base \"x\": a DN wanted"},
    {LEAST "base = \"dc=y\"\n", ":3: base \"dc=y\": given twice"},
    {LEAST "uri = \"ldapi:///\"\n", ":3: uri \"ldapi:///\": given twice"},
    {LEAST "uri = { \"ldapi:///\" }\n", "given twice"},
    {LEAST "bse = \"dc=y\"\n", ":3: no such option 'bse'"},
    {LEAST "Base = \"dc=y\"\n", "no such option 'Base'"},
    {LEAST "tools { bindn = \"cn=x\" }\n", ":3: no such option 'bindn'"},
    {LEAST "mail { base = \"dc=x\" }\n", "no such option 'base'"},
    {LEAST "daemon { }\n", "no such option 'daemon'"},
    {LEAST "bind-dn = \"cn=x\"\n", "no such option 'bind-dn'"},
    {LEAST "tools { }\ntools { }\n", ":4: section \"tools\": given twice"},
    {LEAST "bwdird { workers = 1 workers = 2 }\n", "given twice"},
    {LEAST "bwdird { workers = 0 }\n", "bwdird.workers \"0\""},
    {LEAST "bwdird { workers = 65 }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = -1 }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = 4x }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = 0x4 }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = 99999999999999999999 }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = \"\" }\n", "from 1 to 64"},
    {LEAST "bwdird { workers = { 1, 2 } }\n", "unexpected token"},
    {LEAST "bwdird { socket = bwdird.sock }\n", "absolute path"},
    {LEAST "bwdird { socket = \"/12345678901234567890123456789012345678901"
           "23456789012345678901234567890123456789012345678901234567890123456"
           "7\" }\n",
     "107 bytes"},
    {LEAST "bwdird { log = stderr }\n", "syslog or an absolute path"},
    {LEAST "bwdird { passwd-file = passwd }\n", "absolute path"},
    {LEAST "bwdird { user = \"\" }\n", "bwdird.user"},
    {LEAST "tls-ca-file = ca.pem\n", "absolute path"},
    {LEAST "tls-ca-file = \"/a\\nb\"\n", "absolute path"},
    {LEAST "tools { sasl-mech = GSSAPI }\n", "EXTERNAL wanted"},
    {LEAST "tools { sasl-mech = external }\n", "EXTERNAL wanted"},
    {LEAST "tools { bind-dn = \"cn=x\" }\n", "section tools"},
    {LEAST "outbox { secret-file = /x }\n", "section outbox"},
    {LEAST "bwdird { bind-dn = \"cn=x\" secret-file = /x sasl-mech = "
           "EXTERNAL }\n",
     "not both"},
    {LEAST "mail { transport = pigeon }\n", "maildir, smtp or sendmail"},
    {LEAST "mail { transport = maildir }\n", "mail.maildir is missing"},
    {LEAST "mail { transport = smtp }\n", "mail.smtp-uri is missing"},
    {LEAST "mail { smtp-user = x }\n", "mail.smtp-secret-file is missing"},
    {LEAST "mail { smtp-secret-file = /x }\n", "mail.smtp-user is missing"},
    {LEAST "mail { smtp-uri = \"http://x\" }\n", "smtps://HOST"},
    {LEAST "mail { smtp-uri = \"smtps://\" }\n", "smtps://HOST"},
    {LEAST "mail { from = nobody }\n", "mail address"},
    {LEAST "mail { template-dir = t }\n", "absolute path"},
    {"uri = \"http://x\"\n", "ldaps://HOST"},
    {"uri = \"ldaps://\"\n", "ldaps://HOST"},
    {"uri = \"ldap:///\"\n", "ldaps://HOST"},
    {"uri = \"LDAPS://x\"\n", "ldaps://HOST"},
    {"uri = \"ldaps://a ldaps://b\"\n", "ldaps://HOST"},
    {"uri = \"ldaps://a,b\"\n", "ldaps://HOST"},
    {"uri = \"ldaps://a/dc=x??sub\"\n", "ldaps://HOST"},
    {"uri = \"ldapi://x/y\"\n", "ldaps://HOST"},
    {"uri = \"cldap://x\"\n", "ldaps://HOST"},
    {"uri = \"\"\n", "ldaps://HOST"},
    {LEAST "tls-ca-file = \"${HOME}/ca\"\n", ":3: \"${\""},
    {LEAST "tls-ca-file = ${HOME}\n", ":3: \"${\""},
    {LEAST "}\n", "unexpected closing brace"},
    {LEAST "tools\n", "missing opening brace"},
    {LEAST "tls-ca-file\n", "missing equal sign"},
    {LEAST "tls-ca-file /x\n", "missing equal sign"},
    {LEAST "tls-ca-file = \n", "ends where a value of tls-ca-file"},
    {LEAST "tls-ca-file = \"/x\n", ""},
    {LEAST "bwdird { workers = 5\n", "section bwdird is not closed"},
    {LEAST "tools { bind-dn =", "ends where a value of tools.bind-dn"},
    {LEAST "include(\"/etc/hosts\")\n", "no such option 'include'"},
};

static void
test_load_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct bwdir_config *config = NULL;
        struct bwdir_detail why;
        enum bwdir_status status = load(refused[i].text, &config, &why);

        if (status != BWDIR_CONFIG ||
            strstr(why.text, refused[i].words) == NULL)
            print_error("%s gives %d: %s\n", refused[i].text, (int)status,
                        why.text);
        assert_int_equal(status, BWDIR_CONFIG);
        assert_null(config);
        assert_non_null(strstr(why.text, "bwdir.conf"));
        assert_non_null(strstr(why.text, refused[i].words));
    }
}

static void
test_load_refuses_nul_and_size(void **state)
{
    static const char nul[] = LEAST "\0x";
    static char big[70000];
    struct bwdir_config *config;
    struct bwdir_detail why;
    const char *path = trusted_file_write("nul", nul, sizeof(nul), 0644);

    (void)state;
    assert_int_equal(bwdir_config_load(path, &config, &why), BWDIR_CONFIG);
    memset(big, '\n', sizeof(big));
    path = trusted_file_write("big", big, sizeof(big), 0644);
    assert_int_equal(bwdir_config_load(path, &config, &why), BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "too long"));
}

static void
test_load_refuses_untrusted_file(void **state)
{
    struct bwdir_config *config;
    struct bwdir_detail why;
    const char *path =
        trusted_file_write("open.conf", LEAST, strlen(LEAST), 0666);

    (void)state;
    assert_int_equal(bwdir_config_load(path, &config, &why), BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "go-w"));
    assert_int_equal(bwdir_config_load("/nonexistent", &config, NULL),
                     BWDIR_CONFIG);
}

static void
test_load_reads_no_environment(void **state)
{
    struct bwdir_config *config;

    (void)state;
    setenv("x", "y", 1);
    config = loaded(LEAST "tls-ca-file = \"/$x\"\n");
    assert_string_equal(bwdir_config_text(config, "tls-ca-file"), "/$x");
    bwdir_config_free(&config);
    config = loaded(LEAST "tls-ca-file = \"/~\"\n");
    assert_string_equal(bwdir_config_text(config, "tls-ca-file"), "/~");
    bwdir_config_free(&config);
}

static void *
load_often(void *path)
{
    for (int i = 0; i < 200; i++) {
        struct bwdir_config *config = NULL;

        if (bwdir_config_load(path, &config, NULL) != BWDIR_OK ||
            strcmp(bwdir_config_text(config, "base"), "dc=example,dc=com"))
            return path;
        bwdir_config_free(&config);
    }
    return NULL;
}

static void
test_load_in_threads(void **state)
{
    char path[256];
    pthread_t threads[4];

    (void)state;
    strcpy(path,
           trusted_file_write("threads.conf", LEAST, strlen(LEAST), 0644));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load_often, path),
                         0);
    for (size_t i = 0; i < 4; i++) {
        void *failed = path;

        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_defaults),
        cmocka_unit_test(test_load_everything),
        cmocka_unit_test(test_load_refuses),
        cmocka_unit_test(test_load_refuses_nul_and_size),
        cmocka_unit_test(test_load_refuses_untrusted_file),
        cmocka_unit_test(test_load_reads_no_environment),
        cmocka_unit_test(test_load_in_threads),
    };

    return cmocka_run_group_tests(tests, trusted_file_setup,
                                  trusted_file_teardown);
}
