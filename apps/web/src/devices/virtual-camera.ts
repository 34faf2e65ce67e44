/** Programs that show browsers a camera of their own, by the names that they give it. */
const VIRTUAL =
  /\bvirtual\b|\bOBS\b|ManyCam|Snap Camera|XSplit|mmhmm|SplitCam|YouCam|Dummy video device|v4l2loopback/iu;

/** Whether a camera is a program and no lens, as far as its label tells. */
export function isVirtualCamera(label: string): boolean {
  return VIRTUAL.test(label);
}
