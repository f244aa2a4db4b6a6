#!/bin/bash
# Once, after the server's first start: accounts on a primary, replication on a replica.
set -euo pipefail
mysql </etc/drill/first-start.sql
rm /etc/drill/first-start.sql
