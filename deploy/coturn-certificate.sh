#!/bin/sh
# Gives coturn its certificate after each renewal by certbot. Copy to
# /etc/letsencrypt/renewal-hooks/deploy/coturn and make it executable. See docs/turn.md.
set -eu
to=${COTURN_FOLDER:-/etc/coturn}
group=${COTURN_GROUP:-turnserver}
for name in fullchain privkey; do
  install --mode=0640 --group="$group" "$RENEWED_LINEAGE/$name.pem" "$to/$name.pem"
done
# At this signal, coturn reads its certificate again. Calls go on.
systemctl kill --signal=SIGUSR2 coturn
