import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Call, ControllerFiles, Test, TestTable } from '../contract.js'
import { test } from '../plugin.js'
import { callController } from '../runtime/call-controller.js'

const controller = ({ env }: Call): ControllerFiles => {
  const { files } = env.options
  if (files === undefined) throw new OperationError('files of the controller cannot be looked at here', 'lookup')
  return files
}

const kind = (wanted: string): Test =>
  test('', (value, _, call) => callController('the file', () => controller(call).kind(text(value))) === wanted)

const exists = test('', (value, _, call) => callController('the file', () => controller(call).exists(text(value))))
const absolute = test('', value => text(value).startsWith('/'))

/** These tests look at files of the controller, as in Ansible; `stat` looks at files of a host. */
export const files: TestTable = {
  exists,
  link_exists: exists,
  file: kind('file'),
  is_file: kind('file'),
  directory: kind('directory'),
  is_dir: kind('directory'),
  link: kind('link'),
  is_link: kind('link'),
  mount: kind('mount'),
  is_mount: kind('mount'),
  abs: absolute,
  is_abs: absolute,
}
