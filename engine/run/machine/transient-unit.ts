import { exports } from '../../shell/prelude.js'
import { command, quote } from '../../shell/quote.js'

/** The folder for output (0600) and return codes of long commands. */
const root = '/var/lib/tkplay/long'

/** Quoted, since a name may come from the host. */
const folder = (name: string): string => quote(`${root}/${name}`)
const unit = (name: string): string => quote(`tkplay-${name}.service`)

/**
 * Escapes a word for systemd-run, which expands `${NAME}` and `$NAME` in the argv of its unit like ExecStart=, and
 * turns `$$` into `$`. Source: systemd.service(5), «Command lines»; systemd/systemd#23631.
 */
const literal = (word: string): string => word.replaceAll('$', '$$$$')

/**
 * Runs a command in a transient systemd unit, which goes on when the client is lost, and waits for it.
 * A running unit of the same name (of a killed client) is waited for first. Without systemd the command runs in the
 * channel.
 * The environment may contain secrets, so it is neither in an argv nor in a property of the unit, which every user may
 * read.
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

/** Ends a long command and all its processes, when its time is up. */
export const stopLong = (name: string): string => `systemctl stop ${unit(name)}`

/**
 * Waits for a unit that a killed client left running, and prints on stderr how it ended. The killed client's own script
 * may still wait too; the file `claimed` leaves output and return code to this one.
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

/** Removes the files after they were read, so that nothing of tkplay's stays on the host. */
const forget = (dir: string): string => `rm -rf ${dir}; rmdir ${root} 2>/dev/null`

/** The unit's file exists as long as the unit: `--collect` removes a unit when it ends, failed or not. */
const waitFor = (name: string): string => waitForFile(`tkplay-${name}.service`)

const waitForFile = (unitName: string): string =>
  `while [ -e ${quote(`/run/systemd/transient/${unitName}`)} ]; do sleep 0.1; done`
