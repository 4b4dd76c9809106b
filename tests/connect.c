/*
 * connect URI CA-FILE: opens a connection to a directory and closes it again,
 * for tests/tls.sh.  Writes the status's words and the detail; ends with the
 * status's number.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libbwdir/dir/connection.h"

int
main(int argc, char **argv)
{
    struct dir_connection *connection = NULL;
    struct bwdir_detail why = {""};
    struct dir_target target = {argc == 3 ? argv[1] : "",
                                argc == 3 ? argv[2] : NULL, dir_now() + 3000};
    bool no_init = getenv("LDAPNOINIT") != NULL;
    enum bwdir_status status = dir_connect(&target, &connection, &why);

    dir_close(&connection);
    if (no_init != (getenv("LDAPNOINIT") != NULL)) {
        puts("the environment was changed");
        return 99;
    }
    printf("%s %s\n", bwdir_strerror(status), why.text);
    return (int)status;
}
