// What each shell is told. All of them ask the program itself, with the words of the line up to the cursor.

/** The shells that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish';

export const scripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`# Completion of syncline for bash. In ~/.bashrc: source <(syncline completion bash)
_syncline() {
  local line word=\${COMP_WORDS[COMP_CWORD]}
  [[ $word == = ]] && word=
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\t'*}
    case $line in
      :file | :dir)
        compopt -o filenames 2> /dev/null
        local how=-f
        [[ $line == :dir ]] && how=-d
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$how" -- "$word")
        ;;
      # What stands before "=" is a word of its own here.
      --*=*) COMPREPLY+=("\${line#*=}") ;;
      ?*) COMPREPLY+=("$line") ;;
    esac
  done < <("$1" --get-completions "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
}
complete -F _syncline syncline
`.replaceAll('\\${', '${'),
  zsh: String.raw`#compdef syncline
# Completion of syncline for zsh. In ~/.zshrc, after compinit: source <(syncline completion zsh)
_syncline() {
  local line value
  local -a lines candidates
  lines=("\${(@f)$("\${(Q)words[1]}" --get-completions "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  for line in $lines; do
    case $line in
      :file) compset -P '*='; _files ;;
      :dir) compset -P '*='; _files -/ ;;
      ?*)
        value=\${line%%$'\t'*}
        value=\${value//:/\\:}
        [[ $line == *$'\t'* ]] && value+=":\${line#*$'\t'}"
        candidates+=("$value")
        ;;
    esac
  done
  (( $#candidates )) && _describe -V syncline candidates
}
if [[ \${funcstack[1]} == _syncline ]]; then
  _syncline "$@"
else
  compdef _syncline syncline
fi
`.replaceAll('\\${', '${'),
  fish: `# Completion of syncline for fish. Once: syncline completion fish > ~/.config/fish/completions/syncline.fish
function __syncline_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program $words[1]
  for line in ($program --get-completions $words[2..-1] "$current" 2> /dev/null)
    switch $line
      case ':file'
        __fish_complete_path "$current"
      case ':dir'
        __fish_complete_directories "$current"
      case '*'
        echo $line
    end
  end
end
complete -c syncline -f -a '(__syncline_complete)'
`,
};
