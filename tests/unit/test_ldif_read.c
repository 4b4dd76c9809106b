/*
 * LDIF as it is read.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "libbwdir/dir/ldif_read.h"

static enum bwdir_status
read_text(const char *text, struct dir_records *records)
{
    struct bwdir_detail why = {""};
    char *copy = strdup(text);
    enum bwdir_status status = dir_ldif_read(copy, records, &why);

    free(copy);
    assert_int_equal(status == BWDIR_OK, why.text[0] == '\0');
    return status;
}

static void
test_ldif_read_records(void **state)
{
    const struct dir_values *values;
    struct dir_records records;

    (void)state;
    assert_int_equal(read_text("# a comment\n"
                               "dn: cn=a,dc=x\n"
                               "member: one\n"
                               "description: in two\n"
                               "  lines\n"
                               "# a comment\n"
                               "MEMBER:: dHdv\n"
                               "\n\n"
                               "# without a name\n"
                               "olcAccess: to * by * none\n",
                               &records),
                     BWDIR_OK);
    assert_int_equal(records.count, 2);
    assert_string_equal(records.items[0].dn, "cn=a,dc=x");
    assert_int_equal(records.items[0].count, 2);
    values = dir_record_values(&records.items[0], "Member");
    assert_int_equal(values->count, 2);
    assert_string_equal(values->values[0], "one");
    assert_string_equal(values->values[1], "two");
    assert_null(values->values[2]);
    values = dir_record_values(&records.items[0], "description");
    assert_string_equal(values->values[0], "in two lines");
    assert_null(dir_record_values(&records.items[0], "cn"));
    assert_null(records.items[1].dn);
    dir_records_clear(&records);
    assert_int_equal(records.count, 0);
}

static void
test_ldif_read_none(void **state)
{
    struct dir_records records;

    (void)state;
    assert_int_equal(read_text("", &records), BWDIR_OK);
    assert_int_equal(records.count, 0);
    dir_records_clear(&records);
    assert_int_equal(read_text("# only a comment\n\n", &records), BWDIR_OK);
    assert_int_equal(records.count, 0);
    dir_records_clear(&records);
}

static void
test_ldif_read_refuses(void **state)
{
    static const char *const texts[] = {
        "dn: cn=a\nno colon\n",
        "dn: cn=a\ndn: cn=b\n",
        "dn: cn=a\ncn:: YQBi\n", /* a NUL */
        "dn: cn=a\ncn:: !!!\n",
    };
    struct dir_records records;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(read_text(texts[i], &records), BWDIR_MALFORMED);
        dir_records_clear(&records);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ldif_read_records),
        cmocka_unit_test(test_ldif_read_none),
        cmocka_unit_test(test_ldif_read_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
