# Turns bwdir.ldif (cn=config of slapd) into 99bwdir.ldif, a schema file of
# 389 Directory Server: the same definitions as values of cn=schema.
#
# SPDX-License-Identifier: BSD-2-Clause
1s/.*/# Made from bwdir.schema by ldif2ds.sed; change that file, not this one./
/^dn: /,/^cn: /c\
dn: cn=schema\
objectClass: top\
objectClass: ldapSubentry\
objectClass: subschema
s/^olcAttributeTypes/attributeTypes/
s/^olcObjectClasses/objectClasses/
