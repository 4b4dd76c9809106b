<?php
/* /etc/phpldapadmin/config.php: phpLDAPadmin for account administrators, who
 * log in with their user name and password and see the users of their
 * accounts, the accounts and the roles.  What they may change is decided by the
 * directory (bwdir-schema(5)); codes and their mails are made by the tools
 * only, so users are added with bwdir-add(8).
 *
 * phpLDAPadmin 1.2.6.3 loses about one login in a hundred (HTTP 500: it takes
 * a random byte of what it has encrypted for a separator): remove its cookie
 * and log in again.
 *
 * PHP takes the authority that signed the directory's certificate from
 * TLS_CACERT in /etc/ldap/ldap.conf.  Serve this over HTTPS, and to
 * administrators only: whoever reaches LDAP can test passwords.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
$config->custom->appearance['hide_template_warning'] = true;
$config->custom->appearance['friendly_attrs'] = array(
	'bwAccount' => 'Account',
	'bwAccountAdmin' => 'Account administrator',
	'bwAdministrationLevel' => 'Administration level',
	'bwAllows' => 'Lets into',
	'bwProduct' => 'Active product',
	'bwRequiredProduct' => 'Needs product',
	'bwRole' => 'Role',
	'bwVerificationState' => 'Verification',
	'bwWorkPhone' => 'Work phone',
	'mail' => 'Mail',
	'pwdEndTime' => 'Disabled from',
	'pwdPolicySubentry' => 'Access method',
	'uid' => 'User name',
);
$config->custom->session['reCAPTCHA-enable'] = false;

$servers = new Datastore();
$servers->newServer('ldap_pla');
$servers->setValue('server', 'name', 'bwdir');
$servers->setValue('server', 'host', 'ldaps://ldap.example.com/');
$servers->setValue('server', 'port', 0);
$servers->setValue('server', 'base', array('dc=example,dc=com'));
$servers->setValue('login', 'auth_type', 'session');
$servers->setValue('login', 'attr', 'dn');
$servers->setValue('login', 'bind_dn_template',
	'uid=%s,ou=people,dc=example,dc=com');
/* Anonymous sees nothing, so there is nothing to look at without a login. */
$servers->setValue('login', 'anon_bind', false);
/* The server hashes passwords, with its own rules. */
$servers->setValue('appearance', 'pla_password_hash', '');
/* Entries cannot be renamed. */
$servers->setValue('server', 'branch_rename', false);
?>
