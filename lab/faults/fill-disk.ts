import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exec } from '../hosts/exec.js'
import { hostPaths } from '../state/paths.js'
import { LabProblem } from '../support/problem.js'
import { attempt } from '../support/shell.js'

/** The folder becomes a small file system of its own, with all that was in it, and then full. */
export const fillDisk = async (lab: string, host: string, folder: string): Promise<void> => {
  const onHost = async (command: string): Promise<string> => {
    const { rc, stdout, stderr } = await exec(lab, host, command)
    if (rc !== 0) throw new LabProblem(`${host}: «${command}» failed with ${rc}: ${stderr.trim()}`, 'reset the host')
    return stdout.trim()
  }
  const [kib = 0, files = 0] = (await onHost(`du -s -k '${folder}' | cut -f 1; find '${folder}' | wc -l`))
    .split('\n')
    .map(Number)
  const device = await ext4Device(join(hostPaths(lab, host).dir, 'fill.img'), { kib, files })
  if (device === undefined) {
    await onHost(fill(folder, `mount -t tmpfs -o size=${kib + 1024}k tmpfs`))
    return
  }
  const node = '/dev/lab-fill'
  try {
    await onHost(fill(folder, `mknod ${node} b ${device.major} ${device.minor}; mount -t ext4 ${node}`))
  } finally {
    // Its last user takes it away: the host's mount.
    await attempt`losetup --detach ${device.path}`
    await onHost(`rm -f ${node}`)
  }
}

interface Device {
  readonly path: string
  readonly major: number
  readonly minor: number
}

/** A new ext4 on a loop device, whose file has no name any more; undefined where this machine gives none, as in most containers. */
const ext4Device = async (
  image: string,
  needs: { readonly kib: number; readonly files: number },
): Promise<Device | undefined> => {
  try {
    const flags = ['-q', '-F', '-m', '0', '-b', '1024', '-O', '^has_journal', '-N', `${needs.files + 64}`]
    // Folders and tables take more than du says.
    const made = await attempt`truncate -s ${2 * needs.kib + 4096}K ${image} && mke2fs -t ext4 ${flags} ${image}`
    if (made.exitCode !== 0) return undefined
    const { stdout, exitCode } = await attempt`losetup --find --show ${image}`
    const path = stdout.trim()
    if (exitCode !== 0) return undefined
    const [major = Number.NaN, minor = Number.NaN] = (await attempt`stat -c '%Hr %Lr' ${path}`).stdout
      .split(' ')
      .map(Number)
    return { path, major, minor }
  } finally {
    await rm(image, { force: true })
  }
}

const fill = (folder: string, mount: string): string => `set -e
mkdir -p /run/lab-fill
${mount} /run/lab-fill
rm -rf /run/lab-fill/lost+found
chmod --reference='${folder}' /run/lab-fill
cp -a '${folder}/.' /run/lab-fill/
mount --move /run/lab-fill '${folder}' 2>/dev/null || { mount --bind /run/lab-fill '${folder}'; umount /run/lab-fill; }
rmdir /run/lab-fill
dd if=/dev/zero of='${folder}/.lab-fill' bs=64k 2>/dev/null || true
dd if=/dev/zero of='${folder}/.lab-fill' bs=1 oflag=append conv=notrunc 2>/dev/null || true`
