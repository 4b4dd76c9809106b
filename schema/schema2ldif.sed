# Turns NAME.schema (slapd.conf(5)) into NAME.ldif (cn=config): a definition
# becomes a value and keeps its lines, for a line that starts with a blank
# continues the one before it; an empty line would end the entry.  @NAME@ is
# put in by the build.
#
# SPDX-License-Identifier: BSD-2-Clause
1i\
# Made from @NAME@.schema by schema2ldif.sed; change that file, not this one.\
dn: cn=@NAME@,cn=schema,cn=config\
objectClass: olcSchemaConfig\
cn: @NAME@\
#
/^$/s/.*/#/
s/^attributetype /olcAttributeTypes: /
s/^objectclass /olcObjectClasses: /
s/^[ 	][ 	]*/  /
