// The hosts that an ssh_config(5) names: `Host db1 db2`. Patterns and negations name no host; Include is not followed. Pure.

/** Each once, in the order of the file. */
export function sshNames(config: string): readonly string[] {
  const named = config.split('\n').flatMap((line) => {
    const [, rest = ''] = /^\s*Host(?:\s+|\s*=\s*)(.*)$/i.exec(line) ?? [];
    return rest
      .replace(/\s#.*/, '')
      .split(/\s+/)
      .map((word) => word.replaceAll('"', ''));
  });
  return [...new Set(named)].filter((name) => name !== '' && !/[*?!#]/.test(name));
}
