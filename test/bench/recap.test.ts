import t from 'tap'
import { wrongInAnswers, wrongInRecap, wrongInResults } from '../../bench/recap.js'

const ansible = (changed: number): string => `
TASK [sh] *****
ok: [node1]

PLAY RECAP *****
node1                      : ok=21   changed=${changed}    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
node2                      : ok=21   changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
`

t.test('recaps of Ansible and tkplay', async t => {
  t.equal(wrongInRecap(ansible(0), 2), undefined)
  t.match(wrongInRecap(ansible(1), 2), /^node1 : ok=21 changed=1 /)
  t.equal(wrongInRecap(ansible(0), 3), 'the recap is of 2 hosts, not of 3')
  t.equal(wrongInRecap('RECAP\nnode1  ok=21  changed=0  skipped=0  failed=0  unreachable=0\n', 1), undefined)
  t.match(wrongInRecap('node1  ok=20  changed=0  skipped=0  failed=1  unreachable=0\n', 1), /failed=1/)
  t.match(wrongInRecap('node1  ok=9  changed=0  skipped=12  failed=0  unreachable=0\n', 1), /skipped=12/)
})

t.test("pyinfra's results", async t => {
  const total = (cells: string): string =>
    `    files.link (path=/opt/link)   3   -   -   3\n    Grand total   ${cells}   \n\n`
  t.equal(wrongInResults(total('60      6         -       54'), 60, 6), undefined)
  t.match(wrongInResults(total('60      7         -       53'), 60, 6), /7 were done/)
  t.match(wrongInResults(total('60      6         1       53'), 60, 6), /1 failed/)
  t.match(wrongInResults(total('57      6         -       51'), 60, 6), /of 57 operations/)
  t.equal(wrongInResults('--> pyinfra error: No hosts remaining!', 60, 6), 'it printed no results')
})

t.test('every host answers once', async t => {
  const answer = ' 15:00:00 up 1 min,  0 user,  load average: 1.00, 1.00, 1.00\n'
  t.equal(wrongInAnswers(answer.repeat(3), /load average: /, 3), undefined)
  t.equal(wrongInAnswers(answer.repeat(2), /load average: /, 3), '2 of 3 hosts answered')
})
