/** `npm run check`: all checks that run no tests. Prints a line for each part, and `N passed, N failed` at the end. */
import pLimit from 'p-limit'
import { type PartResult, parts, runPart } from './lib/check-parts.js'
import { closingLine } from './lib/test-report.js'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Two at a time, since each uses a whole core. */
const limit = pLimit(2)

const summary = ({ part, ok, ms }: PartResult): string =>
  `${(ok ? 'ok' : 'FAILED').padEnd(7)} ${part.name.padEnd(40)} ${(ms / 1000).toFixed(1).padStart(6)} s${ok ? '' : `  → ${part.remedy}`}`

const results = await Promise.all(parts.map(part => limit(() => runPart(part))))

for (const { part, output } of results.filter(({ ok }) => !ok)) say(`── ${part.name}\n${output}\n`)
for (const result of results) say(summary(result))
say(closingLine(results.map(({ ok }) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 }))))
if (results.some(({ ok }) => !ok)) process.exitCode = 1
