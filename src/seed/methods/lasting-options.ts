// What a server has for good from the moment when its datadir is made, as options for a new one. Pure.
import type { SeedFacts } from '../facts.ts';

export function lastingOptions({ variables }: Pick<SeedFacts, 'variables'>): string[] {
  const option = (name: string, word: string) => {
    const value = variables[name];
    return value === undefined || value === '' ? [] : [`--${word}=${value}`];
  };
  return [
    ...option('innodb_page_size', 'innodb-page-size'),
    ...option('lower_case_table_names', 'lower-case-table-names'),
    ...option('innodb_data_file_path', 'innodb-data-file-path'),
  ];
}
