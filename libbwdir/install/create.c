/*
 * A database for a suffix that none serves.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "../detail.h"
#include "../directory.h"
#include "installation.h"

/* As Debian's package has it: address space, no memory and no disk. */
#define MAP_SIZE "1073741824"

enum bwdir_status
bwdir_database_plan_add(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_plan **plan, struct bwdir_detail *why)
{
    enum bwdir_status status = install_plain_base(directory, why);

    *plan = NULL;
    if (status == BWDIR_OK && folder[0] != '/')
        status =
            bwdir_fail(why, BWDIR_BAD_VALUE,
                       "directory \"%s\": an absolute path wanted", folder);
    if (status == BWDIR_OK)
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory, "create database"), plan);
    if (status == BWDIR_OK)
        status = install_plan_module(directory, "back_mdb", *plan, why);
    if (status != BWDIR_OK) {
        bwdir_plan_free(plan);
        return status;
    }
    bwdir_plan_add(*plan, "olcDatabase=mdb,cn=config");
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "objectClass", "olcDatabaseConfig");
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "objectClass", "olcMdbConfig");
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "olcDatabase", "mdb");
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "olcSuffix", directory->base);
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "olcDbDirectory", folder);
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "olcDbMaxSize", MAP_SIZE);
    /* Until bwdir's rules stand, which want its schema. */
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "olcAccess", "to * by * none");
    return bwdir_plan_done(*plan);
}
