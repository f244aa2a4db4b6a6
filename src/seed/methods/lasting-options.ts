// What a server has for good from the moment when its datadir is made, as options for a new one. Pure.
import type { SeedFacts } from '../facts.ts';

export const lastingOptions = (facts: Pick<SeedFacts, 'variables'>): string[] =>
  optionsOf(facts, ['innodb_page_size', 'lower_case_table_names', 'innodb_data_file_path']);

/** For a server whose tables another takes: its system tablespace stays as small as it may be. */
export const exportOptions = (facts: Pick<SeedFacts, 'variables'>): string[] =>
  optionsOf(facts, ['innodb_page_size', 'lower_case_table_names']);

const optionsOf = ({ variables }: Pick<SeedFacts, 'variables'>, names: readonly string[]): string[] =>
  names.flatMap((name) => (variables[name] ? [`--${name.replaceAll('_', '-')}=${variables[name]}`] : []));
