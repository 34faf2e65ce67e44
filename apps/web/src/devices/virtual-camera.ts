/** Names of programs that provide a virtual camera, as they appear in its label. */
const VIRTUAL =
  /\bvirtual\b|\bOBS\b|ManyCam|Snap Camera|XSplit|mmhmm|SplitCam|YouCam|Dummy video device|v4l2loopback/iu;

export function isVirtualCamera(label: string): boolean {
  return VIRTUAL.test(label);
}
