import { join } from 'node:path'
import type { JsonObject } from '../../../engine/core/json.js'

const ops = { owner: 'ops', group: 'ops' }
const each = (task: JsonObject, items: readonly (string | number)[] = [1, 2, 3, 4]): JsonObject => ({
  ...task,
  loop: [...items],
})
const places = ['conf', 'dir/conf', 'dir/sub/conf', 'kept']
const at = '/home/ops/{{ item }}'

export interface Row {
  readonly name: string
  readonly tasks: readonly JsonObject[]
  /** Shell text that must succeed after it. */
  readonly holds?: string
}

const anew = 'from root {{ 999999 | random }}'
const url = 'http://127.0.0.1:8000/file'

/** What root does in the folders of a user who attacks; `home` has what is copied from the controller. */
export const rowsOf = (home: string): readonly Row[] => [
  {
    name: 'copy of a text',
    tasks: [
      each({ copy: { dest: '/home/ops/new{{ item }}', content: 'from root {{ item }}\n', mode: '0640', ...ops } }),
      each({ copy: { dest: at, content: `${anew}\n`, backup: true } }, places),
      each({ copy: { dest: at, content: `${anew}\n`, backup: true, ...ops } }, places),
    ],
    holds: `cd /home/ops; for i in 1 2 3 4; do [ ! -e new$i ] || { [ "$(cat new$i)" = "from root $i" ] && [ "$(stat -c '%U %a' new$i)" = 'ops 640' ]; } || exit 1; done`,
  },
  {
    name: 'template',
    tasks: [each({ template: { src: join(home, 'text.j2'), dest: at, backup: true, mode: '0644', ...ops } }, places)],
  },
  {
    name: 'copy of a folder of the controller',
    tasks: [
      each({ copy: { src: `${join(home, 'folder')}/`, dest: at, backup: true, ...ops } }, [
        'dir',
        'tree',
        'tree/sub',
        '.ssh',
        'far/away',
      ]),
    ],
  },
  {
    name: 'copy of a folder of the host',
    tasks: [
      each({ copy: { src: '/usr/local/from/', dest: at, remote_src: true, ...ops } }, [
        'dir',
        'tree',
        'tree/sub',
        '.ssh',
        'away{{ 999999 | random }}',
      ]),
      each({ copy: { src: '/usr/local/from', dest: at, remote_src: true } }, ['dir', 'tree', '.kube']),
      { copy: { src: '/home/ops/dir/', dest: '/usr/local/to', remote_src: true, mode: '0755' } },
    ],
    holds: '! grep -r root-only /usr/local/to',
  },
  {
    name: 'copy of a file of the host',
    tasks: [
      each(
        { copy: { src: '/usr/local/from/conf', dest: at, remote_src: true, backup: true, mode: '0644', ...ops } },
        places,
      ),
      each({ copy: { src: at, dest: '/usr/local/to-{{ item | basename }}', remote_src: true, mode: '0644' } }, places),
    ],
    holds: '! grep root-only /usr/local/to-*',
  },
  {
    name: 'lineinfile',
    tasks: [
      each({ lineinfile: { path: at, line: anew, create: true, backup: true, mode: '0644', ...ops } }, [
        ...places,
        'made{{ 9 | random }}',
      ]),
    ],
  },
  {
    name: 'replace and blockinfile',
    tasks: [
      each(
        { replace: { path: at, regexp: '[a-z]+', replace: 'r{{ 999999 | random }}', backup: true } },
        places.slice(0, 3),
      ),
      each({ blockinfile: { path: at, block: anew, create: true, backup: true, mode: '0644', ...ops } }, places),
    ],
  },
  {
    name: 'get_url and uri',
    tasks: [
      each({ get_url: { url, dest: at, force: true, backup: true, mode: '0644', ...ops } }, [
        ...places,
        'dir',
        '.ssh/',
      ]),
      each({ uri: { url, dest: at, mode: '0644', ...ops } }, [...places, 'dir', '.ssh']),
    ],
  },
  {
    name: 'file',
    tasks: [
      each({ file: { path: at, state: 'directory', recurse: true, mode: 'a+rX', ...ops } }, [
        'tree',
        'dir',
        'tree/sub',
      ]),
      each({ file: { path: at, state: 'directory', mode: '0777', ...ops } }, [
        'dir',
        'dir/made/{{ 999999 | random }}',
        'tree/sub/made/too',
      ]),
      each({ file: { path: at, mode: '0666', ...ops } }, ['conf', 'dir/conf', 'dir/sub/conf', 'tree/sub']),
      each({ file: { path: at, state: 'touch', mode: '0666', ...ops } }, places),
      each({ file: { path: at, src: '/home/ops/conf', state: 'link', force: true, ...ops } }, [
        'dir/link',
        'link{{ 99 | random }}',
        'kept',
      ]),
      each({ file: { path: at, src: '/home/ops/conf', state: 'hard', force: true, ...ops } }, [
        'dir/hard',
        'hard{{ 99 | random }}',
      ]),
      each({ file: { path: at, state: 'absent' } }, ['dir/conf', 'conf', 'tree/sub/conf', 'dir', 'tree']),
    ],
  },
  {
    name: 'mount',
    tasks: [
      each({ mount: { path: at, src: 'tmpfs', fstype: 'tmpfs', opts: 'size=1m', state: 'ephemeral' } }, [
        'dir/place',
        'tree/sub/place',
        'place',
      ]),
      each({ mount: { path: at, state: 'unmounted' } }, ['dir/place', 'tree/sub/place', 'place']),
    ],
    holds: `at() { awk -v at="$1" 'index($5, at) == 1 {print $5}' /proc/self/mountinfo; }; for m in $(at /home); do umount -l "$m"; done; [ -z "$(at /etc/victim)" ]`,
  },
  {
    name: 'keys and kubeconfigs',
    tasks: [
      each({ user: { name: 'ops', generate_ssh_key: true, ssh_key_file: '{{ item }}{{ 999999 | random }}' } }, [
        '.ssh/a',
        'dir/sub/b',
        'c',
      ]),
      each({ kubectl_config: { user: 'ops', src: '/usr/local/from/{{ item }}' } }, ['conf', 'other', 'conf', 'other']),
    ],
  },
]
