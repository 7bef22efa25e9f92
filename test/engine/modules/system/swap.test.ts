import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { swapoff } from '../../../../engine/modules/system/swap.js'

/** The real swapoff, where /proc/swaps says what the file does. */
const off = (device: string, swaps: string): { readonly status: number | null; readonly stderr: string } => {
  const dir = t.testdir({ swaps: `Filename\tType\tSize\tUsed\tPriority\n${swaps}` })
  const script = `mount --bind "$1" /proc/swaps || exit 99; ${swapoff(device)}`
  return spawnSync('unshare', ['-m', '/bin/sh', '-c', script, '-', join(dir, 'swaps')], { encoding: 'utf8' })
}

const skip = process.getuid?.() === 0 ? false : 'only root may bind a file'

t.test('a device that its service took along is off already', { skip }, async t => {
  t.match(off('/dev/tkzram0', ''), { status: 0, stderr: '' })
  t.match(off('/dev/tkzram0', '/dev/tkzram01  partition\t8188\t0\t-2\n'), { status: 0, stderr: '' })
})

t.test('one that stays is a failure', { skip }, async t => {
  for (const [device, listed] of [
    ['/dev/tkzram0', '/dev/tkzram0'],
    ['/swap file', '/swap\\040file'],
    ['/swap\\x', '/swap\\134x\\040(deleted)'],
  ] as const) {
    t.match(off(device, `${listed}  partition\t8188\t0\t-2\n`), { status: 1, stderr: /swapoff/ }, device)
  }
})
