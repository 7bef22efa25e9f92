/** Two plays, hosts that are this machine, and variables for the second. */
export const files = {
  'site.yml': `- name: web
  hosts: web
  gather_facts: false
  tasks:
    - {name: one, command: "true", tags: [a]}
    - {name: two, command: "true", tags: [b, c]}
- name: all
  hosts: all
  gather_facts: false
  tasks:
    - {name: three, debug: {msg: "{{ who }} {{ count }} {{ flag }} {{ version }}"}}
`,
  'hosts.yml':
    'all: {vars: {ansible_connection: local}, hosts: {h0: {}}, children: {web: {hosts: {h1: {}, h2: {}}}}}\n',
  'more.yml': 'count: 3\nwho: file\n',
}
