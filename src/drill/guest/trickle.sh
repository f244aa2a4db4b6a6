#!/bin/bash
# A trickle of writes on a primary, in a form that can be checked: every row of the ledger carries the
# digest of the row before it, so one digest stands for all that was ever written, in its order.
set -euo pipefail
# shellcheck source=/dev/null
. /usr/local/lib/drill/host.sh

statements() {
  while :; do
    cat <<SQL
START TRANSACTION;
INSERT INTO drill.ledger (id, note, digest)
  SELECT id + 1, n, SHA2(CONCAT(digest, id + 1, n), 256)
  FROM (SELECT id, digest, CONCAT('write ', id + 1, ' at ', UNIX_TIMESTAMP(NOW(3))) AS n
        FROM drill.ledger ORDER BY id DESC LIMIT 1) AS last;
UPDATE $DRILL_CLUSTER.customers SET credit = credit + 1 WHERE id = 1 + FLOOR(RAND() * 1000);
COMMIT;
SQL
    sleep "${DRILL_TRICKLE_SECONDS:-0.5}"
  done
}
statements | "${DRILL_SQL[@]}" --batch --unbuffered
