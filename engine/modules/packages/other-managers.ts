import type { JsonObject } from '../../core/json.js'

/**
 * Parameters of package managers that are not managed here. Roles for several systems write them in tasks that a Debian host skips, so
 * that they are known before a run; where such a task is reached, it is refused, as apt refuses them. Sources: the
 * documentation of Ansible's dnf, and of community.general's zypper, pacman, apk and pkgng.
 */
const others: { readonly [manager: string]: string } = {
  dnf: `allowerasing best bugfix cacheonly conf_file disable_excludes disable_gpg_check disable_plugin disablerepo download_dir
    download_only enable_plugin enablerepo exclude expire-cache install_repoquery install_weak_deps installroot list nobest
    releasever security skip_broken sslverify update_only use_backend validate_certs`,
  zypper: `allow_vendor_change auto_import_keys clean_deps disable_recommends extra_args extra_args_precommand force_resolution
    oldpackage refresh replacefiles type`,
  pacman: 'executable reason reason_for remove_nosave update_cache_extra_args upgrade_extra_args',
  apk: 'available no_cache repository world',
  pkgng: 'annotation cached chroot ignore_osver jail pkgsite rootdir use_globs',
}

const managerOfName = new Map(
  Object.entries(others).flatMap(([manager, names]) => names.split(/\s+/).map(name => [name, manager] as const)),
)

/** For schemas: any value goes. */
export const otherManagersProperties: JsonObject = Object.fromEntries(
  [...managerOfName].map(([name, manager]) => [
    name,
    { description: `Of ${manager}: it has no effect here, and a host of apt refuses it.` },
  ]),
)

/** The first parameter that only another manager knows. */
export const ofOtherManager = (
  params: object,
): { readonly parameter: string; readonly manager: string } | undefined => {
  for (const [parameter, manager] of managerOfName) if (parameter in params) return { parameter, manager }
  return undefined
}
