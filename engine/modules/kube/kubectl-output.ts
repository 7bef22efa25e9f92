import type { CommandOutput, Messages } from '../../core/messages.js'
import { field } from '../support/message-data.js'

/** What kubectl's failures mean. Texts: kubectl's cmd/util/helpers.go, apimachinery's api/errors and api/meta. */
export const kubectlMessages: Messages = {
  diagnose({ stdout, stderr }: CommandOutput) {
    const text = `${stderr}\n${stdout}`
    const found = patterns.find(([, pattern]) => pattern.test(text))
    return found === undefined ? undefined : { code: found[0], data: { text: found[1].exec(text)?.[0].trim() ?? '' } }
  },
  codes: {
    conflict: data => ({
      what: `another manager owns fields of the object: ${field(data, 'text')}`,
      remedy: 'take the fields out of the manifest, or set force_conflicts: true to own them',
    }),
    'no-kind': data => ({
      what: `the cluster does not know that kind: ${field(data, 'text')}`,
      remedy: 'apply its CustomResourceDefinition first, in a step of its own or in the same manifest',
    }),
    invalid: data => ({
      what: `the API server refuses it: ${field(data, 'text')}`,
      remedy: 'mend the field it names in the manifest',
    }),
    forbidden: data => ({
      what: `not allowed: ${field(data, 'text')}`,
      remedy: 'give the user of the kubeconfig the right it names, or use admin.conf',
    }),
    webhook: data => ({
      what: `an admission webhook does not answer: ${field(data, 'text')}`,
      remedy: 'wait until its pods are ready (kube_wait), then apply',
    }),
    api: data => ({
      what: `the API server does not answer: ${field(data, 'text')}`,
      remedy:
        'see `crictl ps -a` on the control plane, and that the kubeconfig names an address that is reached from there',
    }),
    checksum: data => ({
      what: `what was downloaded is not what was asked for: ${field(data, 'text')}`,
      remedy: 'compare the address with the checksum: both change with the version',
    }),
    download: data => ({
      what: `the manifest cannot be downloaded: ${field(data, 'text')}`,
      remedy: "see the address, and the host's way out (http_proxy, https_proxy, or a mirror's address)",
    }),
  },
}

const patterns: readonly (readonly [string, RegExp])[] = [
  ['checksum', /checksum of .*/],
  ['conflict', /Apply failed with \d+ conflicts?.*/],
  ['no-kind', /no matches for kind .*/],
  ['webhook', /failed calling webhook .*/],
  ['forbidden', /\(Forbidden\): .*|forbidden: .*/],
  ['invalid', /.* is invalid: .*|strict decoding error: .*|\(BadRequest\): .*/],
  ['api', /(?:connection to the server|dial tcp|Unable to connect to the server|the server is currently unable).*/],
  ['download', /curl: \(\d+\).*|Err:.*|E: Download Failed|neither curl nor wget.*|.* gave nothing/],
]
