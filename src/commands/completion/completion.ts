// reseed completion: the part of completion that a shell runs. It asks reseed what the word may be, so that verbs, options and names are those of
// the reseed that is installed.
import { Argument, Command } from 'commander';
import { exampleText } from '../answer.ts';

// compgen -W would run what stands in $( ) of a name; here a name is quoted, and never read by the shell.
const bash = `# reseed completion bash: in ~/.bashrc: source <(reseed completion bash)
_reseed() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf %q "$line")")
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _reseed reseed
`;

// In a folder of fpath the whole file is the function, which zsh calls: then it has to complete at once.
const zsh = `#compdef reseed
# reseed completion zsh: in ~/.zshrc, after compinit: source <(reseed completion zsh)
_reseed() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" = _reseed ]]; then _reseed "$@"; else compdef _reseed reseed; fi
`;

const fish = `# reseed completion fish: reseed completion fish > ~/.config/fish/completions/reseed.fish
function __reseed_complete
    set -l before (commandline -opc)
    set -l program $before[1]
    set -e before[1]
    command $program complete -- $before (commandline -ct) 2>/dev/null
end
complete -c reseed -f -a '(__reseed_complete)'
complete -c reseed -l inventory -r -F
`;

export const shells = { bash, zsh, fish } as const;

export const completionCommand = (): Command =>
  new Command('completion')
    .description('prints what a shell reads to complete verbs, options, hosts, snapshots and job numbers')
    .addArgument(new Argument('<shell>', 'yours').choices(Object.keys(shells)))
    .action((shell: keyof typeof shells) => {
      process.stdout.write(shells[shell]);
    })
    .addHelpText(
      'after',
      exampleText([
        'source <(reseed completion bash)',
        'source <(reseed completion zsh)',
        'reseed completion fish > ~/.config/fish/completions/reseed.fish',
      ]),
    );
