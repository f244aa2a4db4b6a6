#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words
# The channel of a seed by socat. `tls`: each end accepts only the certificate that the other end made for this job.
# `plain`: no encryption; the donor shows a secret word that was made for this job.
#   seed-socat.sh key folder=WAY kind=tls|plain   on the donor: makes its certificate or the word, and prints it
#   seed-socat.sh listener folder=LISTENER address=ADDRESS first=FIRST last=LAST caller=DONOR kind=tls|plain
#                                                 on the target, the work of a unit: listens on a free port
#   seed-socat.sh meet folder=WAY address=ADDRESS kind=tls|plain
#                                                 on the donor: reads `PORT CERTIFICATE` (plain: `PORT plain`) from
#                                                 standard input, and writes WAY/call
# The folders, their files and the other words are those of seed-ssh.sh. LISTENER/peer: the donor's certificate or word.
# A call is one connection. The donor sends, for plain, the job's word on a line; then the words for seed-receive.sh on a
# line, and the standard input of that. The target sends back its output, and a last line `end STATUS MESSAGE`: its exit
# status, and what it wrote to standard error.
# Prints nothing but the certificate or the word. A listener that fails prints what socat said, for the log of its unit.
# Ends with 0; 1 if a command failed, a program is missing, or no port is free; 3 if a word or the input was refused. The
# listener runs until it is ended (143 after SIGTERM). WAY/call ends with the exit status of the target, and with 255 if
# the connection was lost before that came.
set -u
umask 077
verb=$1
shift
case $verb in
  key) declare_words 'folder kind' "$@" ;;
  listener) declare_words 'folder address first last caller kind' "$@" ;;
  meet) declare_words 'folder address kind' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
case $kind in tls | plain) ;; *) refuse "no channel of socat is called $kind" ;; esac
# A peer that says nothing is disconnected.
silence_seconds=60
command -v socat >/dev/null || fail 'there is no socat here'

# Valid whatever the clocks of the two hosts show: it lives as long as the job. `req -x509` can set a start only from
# OpenSSL 3.4 on, `ca` always.
make_certificate() {
  [ -e "$1.pem" ] && return
  command -v openssl >/dev/null || fail 'there is no openssl here'
  made=$1.ca
  rm -rf "$made" && mkdir "$made" && : >"$made/index" && echo 01 >"$made/serial" || exit 1
  cat >"$made/config" <<CONFIG
[req]
prompt = no
distinguished_name = name
[name]
CN = reseed
[ca]
default_ca = job
[job]
database = $made/index
serial = $made/serial
new_certs_dir = $made
default_md = sha256
policy = names
x509_extensions = extensions
[names]
commonName = supplied
[extensions]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
CONFIG
  {
    openssl req -new -config "$made/config" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$made/request" &&
      openssl ca -config "$made/config" -batch -notext -selfsign -keyfile "$1.key" -in "$made/request" \
        -startdate 700101000000Z -enddate 20991231235959Z -out "$1.crt"
  } >"$1.said" 2>&1 || fail "no certificate could be made: $(tail -n 1 "$1.said")"
  rm -rf "$made"
  cat "$1.key" "$1.crt" >"$1.part" && mv "$1.part" "$1.pem"
}
# A certificate as one line, and back.
certificate_line() { openssl x509 -in "$1.crt" -outform DER | base64 -w 0 && echo; }
certificate_of() { base64 -d | openssl x509 -inform DER -out "$1"; }
# A dead connection is noticed after 15 seconds, both with data under way (TCP_USER_TIMEOUT, tcp(7)) and without.
alive=keepalive,keepidle=5,keepintvl=5,keepcnt=2,setsockopt-int=6:18:15000

# The program that answers a call. It also reads what seed-receive.sh left unread: a reset connection would lose the
# last line.
write_answer() {
  cat >"$folder/answer" <<ANSWER
umask 077
# The word and its end of line are 33 bytes: no more is read.
[ $1 = tls ] || [ "\$(timeout $silence_seconds dd bs=33 count=1 iflag=fullblock status=none)" = "\$(cat $folder/peer)" ] || exit 1
IFS= read -r words || exit 1
said=\$(mktemp $folder/said-XXXXXX) || exit 1
SSH_ORIGINAL_COMMAND=\$words /bin/sh $folder/receive 2>"\$said"
code=\$?
printf '\nend %s %s\n' "\$code" "\$(head -c 500 "\$said" | tr '\n' ' ')"
rm -f "\$said"
[ "\$code" = 0 ] || timeout 10 cat >/dev/null
ANSWER
}

open_listener() {
  port=$first
  check_callers "$caller"
  choose_address "$address" "$caller"
  if [ "$caller" = any ]; then donor=''; else donor=$caller; fi
  case $address in
    *:*) options=pf=ip6,bind=[$address]${donor:+,range=[$donor]/128} ;;
    *) options=pf=ip4,bind=$address${donor:+,range=$donor/32} ;;
  esac
  options=$options,reuseaddr,fork,max-children=500,$alive
  case $kind in
    tls)
      make_certificate "$folder/own"
      certificate_line "$folder/own" >"$folder/public"
      certificate_of "$folder/peer.crt" <"$folder/peer" || exit 1
      # SO_RCVTIMEO (socket(7)): ends a handshake that gets no answer. Later data is only read when it is there.
      options=$options,setsockopt-bin=1:20:x$(printf %02x "$silence_seconds")000000000000000000000000000000
      listen=OPENSSL-LISTEN options=$options,cert=$folder/own.pem,cafile=$folder/peer.crt,verify=1
      ;;
    plain)
      echo plain >"$folder/public"
      listen=TCP-LISTEN
      ;;
  esac
  write_answer "$kind"
  rm -f "$folder/port" "$folder"/said*
  pid=
  trap '[ -z "$pid" ] || kill "$pid"; exit 143' TERM
  while [ "$port" -le "$last" ]; do
    rm -f "$folder/told" && mkfifo "$folder/told" || exit 1
    socat -d -d -t 600 "$listen:$port,$options" "EXEC:/bin/sh $folder/answer" 2>"$folder/told" &
    pid=$!
    # socat reports when it listens, and ends if the port is in use. Every stranger makes it print more, which is not
    # kept.
    while IFS= read -r line; do
      case $line in
        *' listening on '*) echo "$port" >"$folder/port.part" && mv "$folder/port.part" "$folder/port" ;;
        *' E '*) if [ ! -e "$folder/port" ]; then printf '%s\n' "$line" >>"$folder/said"; fi ;;
      esac
    done <"$folder/told"
    wait "$pid"
    if [ -e "$folder/port" ]; then exit 1; fi
    cat "$folder/said"
    grep -q 'Address already in use' "$folder/said" || exit 1
    rm -f "$folder/said"
    port=$((port + 1))
  done
  fail "no port is free from $first to $last"
}

write_call() {
  read -r port certificate || fail 'the address of the listener did not come'
  case $port in *[!0-9]* | '' | ??????*) refuse 'where the target listens is no port' ;; esac
  [ "$kind" = plain ] || printf '%s\n' "$certificate" | grep -aqxE '[A-Za-z0-9+/]{40,}={0,2}' || refuse 'the certificate of the target has another form'
  case $address in *:*) address="[$address]" ;; esac
  where=TCP:$address:$port,connect-timeout=10,$alive
  if [ "$kind" = tls ]; then
    printf '%s' "$certificate" | certificate_of "$folder/peer.crt" || exit 1
    where=OPENSSL:$address:$port,connect-timeout=10,$alive,cert=$folder/own.pem,cafile=$folder/peer.crt,verify=1,commonname=reseed
  fi
  cat >"$folder/call.part" <<CALL
umask 077
shift
[ \$# -gt 0 ] || exit 0
said=\$(mktemp $folder/said-XXXXXX) || exit 1
trap 'rm -f "\$said" "\$said.why"' EXIT
{
  [ $kind = tls ] || cat $folder/word
  printf '%s\n' "\$*"
  # A target that refuses hangs up, and says why: that the rest could not be sent is no reason of its own.
  cat 2>/dev/null
} | socat -t 600 - '$where' 2>"\$said.why" | while IFS= read -r line || [ -n "\$line" ]; do
  # What has landed is told as it lands, and sums of pages as they are made.
  case \$line in
    'landed '* | =*) printf '%s\\n' "\$line" ;;
    *) printf '%s\\n' "\$line" >>"\$said" ;;
  esac
done
read -r mark code why <<LAST
\$(tail -n 1 "\$said")
LAST
if [ "\$mark" != end ]; then
  sed -n '1s/^[^ ]* [^ ]* socat.[0-9]*. E //p' "\$said.why" >&2
  exit 255
fi
sed '\$d' "\$said" | head -c -1
[ -z "\$why" ] || printf '%s\n' "\$why" >&2
exit "\$code"
CALL
  mv "$folder/call.part" "$folder/call"
}

case $verb in
  key)
    mkdir -p "$folder" || exit 1
    if [ "$kind" = tls ]; then
      make_certificate "$folder/own" && certificate_line "$folder/own"
    else
      [ -e "$folder/word" ] || { od -An -v -tx1 -N 16 /dev/urandom | tr -d ' \n' && echo; } >"$folder/word"
      cat "$folder/word"
    fi
    ;;
  listener) open_listener ;;
  meet) write_call ;;
esac
