import { all, defineModule } from '../../../core/module.js'
import { noFile, ownFileMessages } from '../../support/edit.js'
import { type FileSeen, textFile } from '../../support/file-seen.js'
import { list, object, oneOf } from '../../support/schema.js'
import { applyWrite, type WriteFile, writeFile } from '../../support/write-file.js'
import { fileAt } from '../../support/writes.js'

interface Params {
  readonly programs: readonly string[]
  readonly shell: 'bash' | 'zsh'
}

type Seen = { readonly [program: string]: FileSeen }

const folders = { bash: '/etc/bash_completion.d/', zsh: '/usr/local/share/zsh/site-functions/_' }

/** What the shell sources: the words come from the program itself, so that they are always those of the version that is installed. */
const contents = {
  bash: (program: string) => `source <(${program} completion bash)\n`,
  zsh: (program: string) => `#compdef ${program}\nsource <(${program} completion zsh)\n`,
}

/** Completion on the command line. Source: `kubectl completion --help`. */
export const kubeCompletion = defineModule<Params, Seen, WriteFile>({
  name: 'kube_completion',
  kind: 'state',
  doc: `Lets a shell complete the words of kubectl and its kind.

bash reads the files where the package bash-completion is installed, zsh where compinit is on.`,
  params: object({
    programs: list('Programs that have a `completion` command.', { default: ['kubectl', 'kubeadm'] }),
    shell: oneOf('The shell.', ['bash', 'zsh'], 'bash'),
  }),
  examples: `
- name: completion of kubectl in zsh
  kube_completion: {programs: [kubectl], shell: zsh}
`,

  writes: (p, seen) => p.programs.flatMap(program => fileAt(fileOf(p, program), seen?.[program])),
  probe: p => all<Seen>(Object.fromEntries(p.programs.map(program => [program, textFile(fileOf(p, program))]))),

  plan(p, seen) {
    const files = p.programs.flatMap(program => {
      const wanted = contents[p.shell](program)
      const file = seen[program]
      return file === undefined || file.text === wanted ? [] : [{ file, wanted, named: fileOf(p, program) }]
    })
    const refusal = files.map(({ file }) => noFile(file)).find(one => one !== undefined)
    return (
      refusal ?? { changes: files.map(({ file, wanted, named }) => writeFile(file, wanted, { mode: '0644', named })) }
    )
  },

  async apply(change, _p, host) {
    await applyWrite(host, change)
  },

  messages: { codes: ownFileMessages },
})

const fileOf = ({ shell }: Params, program: string): string => `${folders[shell]}${program}`
