import { exports } from '../../shell/prelude.js'
import { command, quote } from '../../shell/quote.js'

/** Where long applies keep their output (0600) and return codes. */
const root = '/var/lib/tkplay/long'

/** Words for the shell: a name may come from the host. */
const folder = (name: string): string => quote(`${root}/${name}`)
const unit = (name: string): string => quote(`tkplay-${name}.service`)

/**
 * A word that systemd-run hands on as it is: it expands `${NAME}` and `$NAME` in the argv of its unit as ExecStart= does, and takes `$$` for
 * `$`. Source: systemd.service(5), «Command lines»; systemd/systemd#23631.
 */
const literal = (word: string): string => word.replaceAll('$', '$$$$')

/**
 * Runs a command in a transient systemd unit, so that it ends well even if the client is lost, and waits for it.
 * A unit of the same name that still runs (a killed client's) is waited for first. Without systemd it runs in the channel.
 * The environment may hold secrets: it stands in no argv, and in no property of the unit, which every user may read.
 */
export const longScript = (name: string, argv: readonly string[], env: { readonly [name: string]: string }): string => {
  const dir = folder(name)
  const settings = exports(env)
  return [
    'if [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then',
    ...settings,
    `exec ${command(argv)}`,
    'fi',
    waitFor(name),
    `(umask 077; mkdir -p ${dir} && rm -f ${dir}/rc ${dir}/out ${dir}/err ${dir}/claimed && printf '%s\\n' ${quote(settings.join('\n'))} >${dir}/env) || exit 125`,
    `systemctl reset-failed ${unit(name)} 2>/dev/null`,
    [
      `systemd-run --quiet --collect --unit=${unit(name)}`,
      '/bin/sh -c',
      quote(
        literal(
          [
            `umask 077; exec >${dir}/out 2>${dir}/err </dev/null`,
            `(. ${dir}/env; rm ${dir}/env; umask 022; "$@"); printf '%s\n' $? >${dir}/rc.new; mv ${dir}/rc.new ${dir}/rc`,
          ].join('; '),
        ),
      ),
      'tkplay',
      command(argv.map(literal)),
      '|| exit 125',
    ].join(' '),
    waitFor(name),
    `cat ${dir}/out 2>/dev/null; cat ${dir}/err >&2 2>/dev/null`,
    `if [ -e ${dir}/rc ]; then rc=$(cat ${dir}/rc); else printf '%s\n' "the unit ${unit(name)} was ended from outside" >&2; rc=143; fi`,
    `[ -e ${dir}/claimed ] || { ${forget(dir)}; }`,
    'exit "$rc"',
  ].join('\n')
}

/** Ends a long apply and all its processes: its time was up. */
export const stopLong = (name: string): string => `systemctl stop ${unit(name)}`

/**
 * Waits for a unit that a killed client left running, and prints on stderr how it ended. The killed client's own shell may wait beside it
 * for minutes yet: what is claimed is left to the one who will tell it.
 */
export const waitForUnit = (unitName: string): string => {
  const dir = folder(unitName.replace(/^tkplay-|\.service$/g, ''))
  return [
    `[ ! -d ${dir} ] || : >${dir}/claimed`,
    waitForFile(unitName),
    `if [ -e ${dir}/rc ]; then printf '%s\n' "exit code $(cat ${dir}/rc)"; tail -n 3 ${dir}/err; fi >&2`,
    forget(dir),
  ].join('\n')
}

/** What was read is not kept: a reset host shall hold nothing of ours. */
const forget = (dir: string): string => `rm -rf ${dir}; rmdir ${root} 2>/dev/null`

/** The unit's file is there as long as the unit is: `--collect` lets it go at once when it ends, failed or not. */
const waitFor = (name: string): string => waitForFile(`tkplay-${name}.service`)

const waitForFile = (unitName: string): string =>
  `while [ -e ${quote(`/run/systemd/transient/${unitName}`)} ]; do sleep 0.1; done`
