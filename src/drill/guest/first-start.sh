#!/bin/bash
# Once, after the server's first start: accounts on a primary, replication on a replica. The SQL can be run twice.
set -euo pipefail
mysql </etc/drill/first-start.sql
rm /etc/drill/first-start.sql
# A power cut must not bring it back.
sync
