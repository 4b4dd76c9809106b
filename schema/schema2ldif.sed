# Turns bwdir.schema (slapd.conf(5)) into bwdir.ldif (cn=config): a definition
# becomes a value and keeps its lines, for a line that starts with a blank
# continues the one before it; an empty line would end the entry.
#
# SPDX-License-Identifier: BSD-2-Clause
1i\
# Made from bwdir.schema by schema2ldif.sed; change that file, not this one.\
dn: cn=bwdir,cn=schema,cn=config\
objectClass: olcSchemaConfig\
cn: bwdir\
#
/^$/s/.*/#/
s/^attributetype /olcAttributeTypes: /
s/^objectclass /olcObjectClasses: /
s/^[ 	][ 	]*/  /
