import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVirtualCamera } from '../src/devices/virtual-camera.ts';

test('distinguishes virtual cameras from real ones by name', () => {
  for (const label of [
    'OBS Virtual Camera',
    'OBS-Camera (m-de:vice)',
    'ManyCam Virtual Webcam',
    'Snap Camera',
    'Dummy video device (0x0000) (platform:v4l2loopback-000)',
  ]) {
    assert.equal(isVirtualCamera(label), true, label);
  }
  for (const label of ['', 'FaceTime HD Camera', 'USB Webcam C920', 'Jobs Cam', 'fake_device_0']) {
    assert.equal(isVirtualCamera(label), false, label);
  }
});
