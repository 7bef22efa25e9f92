import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js'
import { defineModule, type Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { jsonText, parseJsonText } from '../../../python/json-text.js'
import { field } from '../../support/message-data.js'
import { bool, int, object, oneOf, path, str } from '../../support/schema.js'
import { download } from '../host/download.js'
import { kubectlArgv } from '../kubectl.js'
import { kubectlMessages } from '../kubectl-output.js'
import { comesFirst, type KubeObject, manifestText, opened, type Patch, parseManifest, patched } from '../objects.js'
import { adminConf, manifestDir } from '../paths.js'
import { type ManifestChange, type ManifestSeen, planManifest } from './manifest-plan.js'
import { manifestProbe } from './manifest-probe.js'

export interface ManifestParams {
  readonly state: 'present' | 'absent'
  readonly kubeconfig: string
  readonly definition?: Json
  readonly src?: string
  readonly url?: string
  readonly sha256?: string
  readonly patches: readonly Patch[]
  readonly force_conflicts: boolean
  readonly field_manager: string
  readonly timeout: number
}

/** Objects of the Kubernetes API. Source: kubernetes.io, «Server-Side Apply»; kubectl diff and apply. */
export const kubeManifest = defineModule<ManifestParams, ManifestSeen, ManifestChange>({
  name: 'kube_manifest',
  kind: 'state',
  affects: 'cluster',
  doc: `Applies objects to the cluster by server-side apply, and sees what would change by a server-side dry run.

Runs where the kubeconfig is: on a control plane. The objects stand in the task (definition), in a file of the playbook (src), or at an
address that the host downloads from (url, pinned by sha256). Namespaces and CustomResourceDefinitions are applied first, and waited for.`,
  params: object(
    {
      state: oneOf('Whether the objects are to be there.', ['present', 'absent'], 'present'),
      definition: {
        description: 'The object, or a list of objects.',
        examples: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }],
      },
      src: path('A YAML file beside the role or playbook, with one or more objects.'),
      url: str('Where the host downloads the manifest from.', { examples: ['https://example.com/app.yaml'] }),
      sha256: str('The checksum of what is at the address; anything else is refused.', { pattern: '^[0-9a-f]{64}$' }),
      patches: {
        type: 'array',
        default: [],
        description:
          'Changes to objects of the manifest before they are applied; lists are merged by the names of their items.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['kind', 'name', 'merge'],
          properties: {
            kind: str('The kind of the object.'),
            name: str('Its name.'),
            namespace: str('Its namespace, where two have the same name.'),
            merge: { type: 'object', description: 'What is laid over it.' },
          },
        },
      },
      force_conflicts: bool(
        'Take over fields that another manager owns. `kubectl apply` owns those that it wrote: where the manifest has another value by now, that is a conflict.',
        false,
      ),
      field_manager: str('The name under which the fields are owned.', { default: 'tkplay' }),
      kubeconfig: path('The kubeconfig on the host.', { default: adminConf }),
      timeout: int('Seconds to wait for a definition of a kind to be established, or for a deletion.', {
        default: 60,
        minimum: 1,
      }),
    },
    [],
    { oneOf: [{ required: ['definition'] }, { required: ['src'] }, { required: ['url'] }] },
  ),
  examples: `
- name: namespace
  kube_manifest:
    definition: {apiVersion: v1, kind: Namespace, metadata: {name: web}}
- name: application
  kube_manifest:
    src: app.yaml
- name: from an address
  kube_manifest:
    url: https://example.com/app.yaml
    sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    patches:
      - {kind: Deployment, name: app, merge: {spec: {replicas: 2}}}
`,

  /** A file's objects become the definition, so that all that follows is the same for both. */
  async prepare(p, controller) {
    if (p.src === undefined) return p
    const { src, ...rest } = p
    const bytes = await controller.read(await controller.find('files', src))
    return { ...rest, definition: parseManifest(text(bytes), src) }
  },

  probe: p =>
    manifestProbe(p, p.url === undefined ? { text: manifestText(inlineObjects(p)) } : { path: renderedPath(p) }),

  plan: (p, seen) => planManifest(p.state, p.url === undefined ? inlineObjects(p) : undefined, seen),

  async apply(change, p, host) {
    const objects =
      change.kind === 'download' ? [] : p.url === undefined ? inlineObjects(p) : await readRendered(p, host)
    switch (change.kind) {
      case 'download':
        return fetchManifest(p, host)
      case 'apply':
        return applyObjects(p, host, objects)
      case 'delete':
        await host.run(
          kubectlArgv(p.kubeconfig, 'delete', '--ignore-not-found', '--wait', `--timeout=${p.timeout}s`, '-f', '-'),
          {
            stdin: manifestText([...objects].reverse()),
          },
        )
        return
    }
  },

  messages: {
    ...kubectlMessages,
    codes: {
      ...kubectlMessages.codes,
      'patch-lost': data => ({
        what: `the manifest holds no ${field(data, 'object')}, which a patch is for`,
        remedy: 'see that the manifest is of the version that the patch was written for',
      }),
    },
  },
})

const inlineObjects = (p: ManifestParams): readonly KubeObject[] => patched(opened(p.definition ?? []), p.patches)

/** Where what the host downloaded lies, patched: another address, checksum or patch is another file. */
const renderedPath = (p: ManifestParams): string => {
  const key = createHash('sha256').update(jsonText([p.url, p.sha256 ?? '', p.patches as unknown as Json]))
  return `${manifestDir}/${key.digest('hex').slice(0, 24)}.json`
}

const readRendered = async (p: ManifestParams, host: Session): Promise<readonly KubeObject[]> => {
  const raw = await host.run(['cat', renderedPath(p)])
  const list = parseJsonText(text(raw.stdout)) as JsonObject
  return opened(list)
}

const fetchManifest = async (p: ManifestParams, host: Session): Promise<void> => {
  const rendered = renderedPath(p)
  const source = `${rendered}.source`
  await host.run(['mkdir', '-p', '-m', '0700', manifestDir])
  await host.shell(download(p.url ?? '', source, p.sha256), { timeout: 180_000 })
  const bytes = await host.run(['cat', source])
  await host.run(['rm', '-f', source])
  await host.put(rendered, manifestText(patched(parseManifest(text(bytes.stdout), p.url ?? ''), p.patches)), {
    mode: 0o600,
  })
}

/** Definitions first, and only when the API server serves them the rest: an object of an unknown kind is refused. */
const applyObjects = async (p: ManifestParams, host: Session, objects: readonly KubeObject[]): Promise<void> => {
  const first = objects.filter(comesFirst)
  const rest = objects.filter(one => !comesFirst(one))
  const words = [
    'apply',
    '--server-side',
    `--field-manager=${p.field_manager}`,
    ...(p.force_conflicts ? ['--force-conflicts'] : []),
  ]
  const apply = async (some: readonly KubeObject[]) => {
    if (some.length > 0) await host.run(kubectlArgv(p.kubeconfig, ...words, '-f', '-'), { stdin: manifestText(some) })
  }
  await apply(first)
  const crds = first.filter(one => one['kind'] === 'CustomResourceDefinition').map(crdName)
  if (crds.length > 0) {
    await host.run(kubectlArgv(p.kubeconfig, 'wait', '--for=condition=Established', `--timeout=${p.timeout}s`, ...crds))
  }
  await apply(rest)
}

const crdName = (definition: KubeObject): string => {
  const metadata = definition['metadata']
  return `crd/${isJsonObject(metadata) ? String(metadata['name']) : ''}`
}
