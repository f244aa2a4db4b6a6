// The options of a replica's connection and applier, from its server's answers. Pure.
import type { Row } from '../../../host/server/batch.ts';
import type { Setting } from './kept-channels.ts';

type Reader = (value: string, option: string) => Omit<Setting, 'option'> | undefined;

/** The `usual` value of an option is not listed. */
const text =
  (words: string, usual = ''): Reader =>
  (value, option) => {
    const name = option.toLowerCase().replaceAll(/[^a-z]/g, '');
    return value === usual ? undefined : { sql: `{${name}}`, words: `${words} ${value}`, texts: { [name]: value } };
  };
const number =
  (words: string, unit = '', usual = '0'): Reader =>
  (value) =>
    value === usual || !/^\d+(\.\d+)?$/.test(value)
      ? undefined
      : { sql: value, words: `${words} ${value}${unit}`, texts: {} };
const flag =
  (words: string): Reader =>
  (value) =>
    /^(yes|1)$/i.test(value) ? { sql: '1', words, texts: {} } : undefined;
/** Releases have different defaults: also listed if it is the `usual` value, but without words. */
const always =
  (reader: Reader): Reader =>
  (value, option) =>
    reader(value, option) ?? (/^\d+(\.\d+)?$/.test(value) ? { sql: value, words: '', texts: {} } : undefined);
const either =
  (on: string, off: string): Reader =>
  (value) =>
    /^(yes|1)$/i.test(value) ? { sql: '1', words: on, texts: {} } : { sql: '0', words: off, texts: {} };
const word =
  (words: string, ...known: readonly string[]): Reader =>
  (value) =>
    known.includes(value.toUpperCase()) ? { sql: value, words: `${words} ${value}`, texts: {} } : undefined;
const list =
  (words: string): Reader =>
  (value) =>
    /^\d+(, *\d+)*$/.test(value) ? { sql: `(${value})`, words: `${words} ${value}`, texts: {} } : undefined;
/** `'user'@'host'` */
const account =
  (words: string): Reader =>
  (value) => {
    const [, user, host] = /^'(.*)'@'(.*)'$/.exec(value) ?? [];
    if (user === undefined || host === undefined) return undefined;
    return { sql: '{privuser}@{privhost}', words: `${words} ${value}`, texts: { privuser: user, privhost: host } };
  };

type Readers = Readonly<Record<string, readonly [column: string, read: Reader]>>;

function read(row: Row, readers: Readers): Setting[] {
  return Object.entries(readers).flatMap(([option, [column, reader]]) => {
    const value = row.get(column);
    const setting = value === undefined ? undefined : reader(value, option);
    return setting ? [{ option, ...setting }] : [];
  });
}

/** From SHOW REPLICA STATUS, replication_connection_configuration and replication_applier_configuration, for one channel. */
export function mysqlSettings(status: Row, connection: Row, applier: Row): Setting[] {
  return [
    ...read(applier, {
      SOURCE_DELAY: ['DESIRED_DELAY', number('delay', ' s')],
      PRIVILEGE_CHECKS_USER: ['PRIVILEGE_CHECKS_USER', account('privilege checks as')],
      REQUIRE_ROW_FORMAT: ['REQUIRE_ROW_FORMAT', flag('row format required')],
      REQUIRE_TABLE_PRIMARY_KEY_CHECK: [
        'REQUIRE_TABLE_PRIMARY_KEY_CHECK',
        word('primary key check', 'ON', 'OFF', 'GENERATE'),
      ],
      ...assigns(applier),
    }),
    ...read(connection, {
      SOURCE_BIND: ['NETWORK_INTERFACE', text('bound to')],
      SOURCE_SSL_CA: ['SSL_CA_FILE', text('TLS CA')],
      SOURCE_SSL_CAPATH: ['SSL_CA_PATH', text('TLS CA folder')],
      SOURCE_SSL_CERT: ['SSL_CERTIFICATE', text('TLS certificate')],
      SOURCE_SSL_CIPHER: ['SSL_CIPHER', text('TLS ciphers')],
      SOURCE_SSL_KEY: ['SSL_KEY', text('TLS key')],
      SOURCE_SSL_VERIFY_SERVER_CERT: ['SSL_VERIFY_SERVER_CERTIFICATE', flag('TLS verifies the source')],
      SOURCE_SSL_CRL: ['SSL_CRL_FILE', text('TLS CRL')],
      SOURCE_SSL_CRLPATH: ['SSL_CRL_PATH', text('TLS CRL folder')],
      SOURCE_TLS_VERSION: ['TLS_VERSION', text('TLS versions')],
      SOURCE_TLS_CIPHERSUITES: ['TLS_CIPHERSUITES', text('TLS ciphersuites', '\0')],
      SOURCE_PUBLIC_KEY_PATH: ['PUBLIC_KEY_PATH', text('public key')],
      GET_SOURCE_PUBLIC_KEY: ['GET_PUBLIC_KEY', flag("asks for the source's public key")],
      NETWORK_NAMESPACE: ['NETWORK_NAMESPACE', text('network namespace')],
      SOURCE_COMPRESSION_ALGORITHMS: ['COMPRESSION_ALGORITHM', text('compression', 'uncompressed')],
      SOURCE_ZSTD_COMPRESSION_LEVEL: ['ZSTD_COMPRESSION_LEVEL', number('zstd level', '', '3')],
      SOURCE_HEARTBEAT_PERIOD: ['HEARTBEAT_INTERVAL', always(number('heartbeat', ' s', '30.000'))],
      SOURCE_CONNECT_RETRY: ['CONNECTION_RETRY_INTERVAL', always(number('calls again every', ' s', '60'))],
      SOURCE_RETRY_COUNT: ['CONNECTION_RETRY_COUNT', always(number('times', '', '86400'))],
      GTID_ONLY: ['GTID_ONLY', flag('GTIDs only')],
      SOURCE_CONNECTION_AUTO_FAILOVER: ['SOURCE_CONNECTION_AUTO_FAILOVER', flag('connection failover')],
    }),
    ...read(status, { IGNORE_SERVER_IDS: ['Replicate_Ignore_Server_Ids', list('ignores server ids')] }),
  ];
}

function assigns(applier: Row): Readers {
  const isUuid = applier.get('ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE') === 'UUID';
  const words = 'gives anonymous transactions GTIDs';
  return {
    ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS: isUuid
      ? ['ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE', text(words)]
      : ['ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE', word(words, 'LOCAL')],
  };
}

/** From SHOW ALL SLAVES STATUS, for the default connection. */
export const mariadbSettings = (status: Row): Setting[] =>
  read(status, {
    MASTER_DELAY: ['SQL_Delay', number('delay', ' s')],
    MASTER_SSL_CA: ['Master_SSL_CA_File', text('TLS CA')],
    MASTER_SSL_CAPATH: ['Master_SSL_CA_Path', text('TLS CA folder')],
    MASTER_SSL_CERT: ['Master_SSL_Cert', text('TLS certificate')],
    MASTER_SSL_CIPHER: ['Master_SSL_Cipher', text('TLS ciphers')],
    MASTER_SSL_KEY: ['Master_SSL_Key', text('TLS key')],
    // On by default since 11.4, also where there is no TLS.
    ...(status.get('Master_SSL_Allowed') === 'Yes' && {
      MASTER_SSL_VERIFY_SERVER_CERT: [
        'Master_SSL_Verify_Server_Cert',
        either('TLS verifies the source', 'TLS does not verify the source'),
      ],
    }),
    MASTER_SSL_CRL: ['Master_SSL_Crl', text('TLS CRL')],
    MASTER_SSL_CRLPATH: ['Master_SSL_Crlpath', text('TLS CRL folder')],
    MASTER_HEARTBEAT_PERIOD: ['Slave_heartbeat_period', always(number('heartbeat', ' s', '30.000'))],
    MASTER_CONNECT_RETRY: ['Connect_Retry', always(number('calls again every', ' s', '60'))],
    IGNORE_SERVER_IDS: ['Replicate_Ignore_Server_Ids', list('ignores server ids')],
    DO_DOMAIN_IDS: ['Replicate_Do_Domain_Ids', list('only domains')],
    IGNORE_DOMAIN_IDS: ['Replicate_Ignore_Domain_Ids', list('ignores domains')],
  });
