/** Matches the label of a virtual camera by the names of programs that provide one. */
const VIRTUAL =
  /\bvirtual\b|\bOBS\b|ManyCam|Snap Camera|XSplit|mmhmm|SplitCam|YouCam|Dummy video device|v4l2loopback/iu;

export function isVirtualCamera(label: string): boolean {
  return VIRTUAL.test(label);
}
