import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { root } from '../../scripts/lib/project.js'
import { sourceFiles } from '../support/source-files.js'

/** `echo` and something that is not fixed behind it, up to the end of the command. */
const echoed = /\becho\b(?! *\$\{ready\})[^\n;|&')]*\$/

const isComment = (line: string): boolean => /^\s*(?:\*|\/\*|\/\/)/.test(line)

t.test('no shell text gives data to echo: dash takes backslashes in it for escapes', async t => {
  const found = ['engine', 'roles'].flatMap(folder =>
    sourceFiles(join(root, folder)).flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          echoed.test(line) && !isComment(line) ? [`${relative(root, file)}:${index + 1}: ${line.trim()}`] : [],
        ),
    ),
  )
  t.strictSame(found, [], "write printf '%s\\n' instead")
})

t.test('it would be found', async t => {
  for (const line of ['echo "path $f"', 'echo $x', 'x && echo "a" "$y" >&2', 'echo ${`a ${b}`}']) t.match(line, echoed)
  for (const line of ['echo link; f=$x', 'printf \'%s\\n\' "$x"', 'echo && cat $x', "'echo ${ready}; exec /bin/sh -s'"])
    t.notMatch(line, echoed)
})
