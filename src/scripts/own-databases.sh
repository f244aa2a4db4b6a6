#!/bin/sh
# A fragment of the scripts that ask for all databases of users.

# sys is the server's own where it has what its packages make there (the view `version`): a MariaDB has one from 10.6 on, and users of an older one, or of a MySQL that dropped it, may
# have a database of that name ("MySQL sys Schema").
own_sys="(SELECT IF(COUNT(*) = 0, '', 'sys') FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'sys' AND CAST(TABLE_SCHEMA AS BINARY) = 'sys' AND TABLE_NAME = 'version' AND TABLE_TYPE = 'VIEW')"
# Databases that a server has by itself, to be compared as BINARY: SYS is one of its users. Only a MySQL has ndbinfo; a MariaDB takes a folder of mkfs for one.
# shellcheck disable=SC2034  # the scripts after it
own_databases="'information_schema', 'performance_schema', 'mysql', $own_sys, IF(VERSION() LIKE '%MariaDB%', '', 'ndbinfo'), '#mysql50#lost+found'"
