import { NotObserved } from '../../core/failure.js'
import type { Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { clock } from '../support/clock.js'
import { shellPath } from '../support/path.js'

export interface WaitParams {
  readonly host: string
  readonly port?: number
  readonly path?: string
  readonly search_regex?: string
  readonly state: 'absent' | 'drained' | 'present' | 'started' | 'stopped'
  readonly timeout: number
  readonly connect_timeout: number
  readonly delay: number
  readonly sleep: number
  readonly active_connection_states: readonly string[]
}

export interface Waiting {
  readonly there: boolean
  /** Whether it was waited for; a look ahead does not wait. */
  readonly waited: boolean
  /** Seconds. */
  readonly elapsed: number
  /** The line in which the pattern was found. */
  readonly line?: string
}

/** Looks again and again on the host; once only where TKPLAY_WAIT=0 says that this is a look ahead. */
export const probeWaiting = (params: WaitParams): Read<Waiting> =>
  read(
    sh`${new ShellText(checkOf(params))}
[ "$TKPLAY_WAIT" = 0 ] || [ ${params.delay} = 0 ] || sleep ${params.delay}
${clock}
b=$(now)
while :; do
  if ${new ShellText(isForEnd(params) ? '! ' : '')}check; then r=there; break; fi
  if [ "$TKPLAY_WAIT" = 0 ]; then r=glance; break; fi
  if [ $(($(now) - b)) -ge ${params.timeout} ]; then r=timeout; break; fi
  sleep ${params.sleep}
done
printf '%s %s\n%s' "$r" $(($(now) - b + ${params.delay})) "$l"`,
    raw => {
      const [, result, elapsed, line = ''] = /^(there|glance|timeout) (\d+)\n(.*)/s.exec(text(raw.stdout)) ?? []
      if (raw.rc !== 0 || result === undefined) throw new NotObserved(raw)
      const base = { there: result === 'there', waited: result === 'timeout', elapsed: Number(elapsed) }
      return line === '' ? base : { ...base, line }
    },
    { timeout: (params.delay + params.timeout + params.connect_timeout + params.sleep + 15) * 1000 },
  )

const isForEnd = ({ state }: WaitParams): boolean => state === 'absent' || state === 'stopped'

const checkOf = (params: WaitParams): string => {
  const { path, port = 0, search_regex } = params
  if (params.state === 'drained') return checkDrained(port, params.active_connection_states)
  const search = search_regex === undefined || isForEnd(params) ? '' : searchText(search_regex)
  if (path !== undefined) {
    const there = sh`f=${shellPath(path)}; { [ -e "$f" ] || [ -L "$f" ]; }`
    return search === '' ? `check() { ${there}; }` : `${search}\ncheck() { ${there} && l=$(matching < "$f"); }`
  }
  return search === ''
    ? `check() { ${connect(params)}; }`
    : `${search}\ncheck() { l=$({ ${answers(params)}
} | matching); }`
}

/** `matching`: the first line of its input with the pattern. Perl's patterns are nearest to Python's. */
const searchText = (pattern: string): string =>
  sh`if echo | grep -qP '^' 2>/dev/null; then g=-P; else g=-E; fi
matching() { grep -m1 $g -e ${pattern} 2>/dev/null; }`

/** bash can connect by itself; nc and python3 are the other two that a host may have. */
const connect = ({ host, port = 0, connect_timeout }: WaitParams): string =>
  sh`if command -v bash >/dev/null; then timeout ${connect_timeout} bash -c ${': <>"/dev/tcp/$0/$1"'} ${host} ${port} 2>/dev/null
elif command -v nc >/dev/null; then nc -z -w ${connect_timeout} ${host} ${port} 2>/dev/null
else timeout ${connect_timeout} python3 -c 'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])))' ${host} ${port} 2>/dev/null; fi`

/** What a port says by itself, as long as it says something. */
const answers = ({ host, port = 0, connect_timeout }: WaitParams): string =>
  sh`if command -v bash >/dev/null; then timeout ${connect_timeout} bash -c ${'exec 3<>"/dev/tcp/$0/$1" && while IFS= read -r -t "$2" x <&3; do printf "%s\\n" "$x" || exit; done'} ${host} ${port} ${connect_timeout} 2>/dev/null
else timeout ${connect_timeout} nc -w ${connect_timeout} ${host} ${port} </dev/null 2>/dev/null; fi`

const stateCodes: { readonly [state: string]: string } = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
}

/** Connections of the local port, as the kernel lists them. */
const checkDrained = (port: number, states: readonly string[]): string => {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const codes = states.flatMap(state => stateCodes[state.toUpperCase()] ?? []).join(' ')
  return sh`check() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p=${`:${hexPort}`} -v s=${` ${codes} `} '
  index(s, " " $4 " ") && substr($2, length($2) - 4) == p { found = 1; exit } END { exit found }'; }`
}
