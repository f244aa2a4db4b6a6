#!/bin/sh
# A fragment of the scripts that ask for all databases of users.

# Databases that a server has by itself, to be compared as BINARY: SYS is one of its users. Only a MySQL has ndbinfo; a MariaDB takes a folder of mkfs for one.
# shellcheck disable=SC2034  # the scripts after it
own_databases="'information_schema', 'performance_schema', 'mysql', 'sys', IF(VERSION() LIKE '%MariaDB%', '', 'ndbinfo'), '#mysql50#lost+found'"
