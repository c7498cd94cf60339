/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A key of 2048 bits that guards nothing: the numbers of an RSA key, and an assertion that OpenSSL
 * signed with it ("openssl dgst -sha256 -sign"), against which ours is compared. */

#define TEST_RSA_MODULUS                                                                           \
  "e2afec18a234bac4b731ba59873547cf05825bac0827adf71bb2cb48200ee6f6351d4c66e1064584"               \
  "7576315c28ba3e5c7e56dc39b301fbf4527085e6a30a2f4e68b1d428e368c4e55de37e72f3968989"               \
  "20a968c82fe2d8f71712d4cf4299b7d9a10e8fbefeb38ded918137a538904b8758a8179dde656ca0"               \
  "fb3b096ffa6b26e40644bab4dd9a1239217929b30d1a3a066fa1fab815ac1e97898125e407e6c0f0"               \
  "84b6de4d20266b413635e621f2edb2583ebcfb96a550ce22a706045eaa8388d2dcd1ec85c168ec89"               \
  "b14e880f1aa9a634a90c95d415a30fcf689f6817de43f0366db11d885cee6b4f697a91cd68e9eb11"               \
  "d75eafd306fd1a305fa9581ab30e826b"
#define TEST_RSA_PRIVATE_EXPONENT                                                                  \
  "19126d12026ac3977b4d903753b9846234d148b35bc98bb7af841470bb3efab39387548a726bffa7"               \
  "595883b81637172ba2bb97aaf80e09a069b7d14f838bde549546c9d8e5e21218ee4bf991dc3833a9"               \
  "0b88413316fcc79378a5580d3e68030a1a82a24a752045dbd7428bf585ae8bf401cdc1a2efd496f1"               \
  "ad27c7f0ef2907c96e460d3dadb26202face6923c4e7eb35149191bbde036279c7028f8a6a53223b"               \
  "76e6519657328d2c771317364b4ea92d4cbc50004301d9f50324b9c19e2383443f6968bc87eb67e6"               \
  "98901edb4312e208370decfbe54c68557060b23e12237cea373035e1d67378b2e59b4a9663513440"               \
  "e56c705367f466250856df8e67f9d8b5"
#define TEST_RSA_PRIME_1                                                                           \
  "fa661c210ec00c73f3f7a1d00c4064a92566206ef8f14bc3f60251cfa5cfc6777cd172e0ad7f9720"               \
  "95e87cd9428065eb41d8affcbbb0eafc75ea82abbdce30ec1491cacbe11030d23cd838dfea7777c1"               \
  "bb4a43a1cf75a8042e47733a3979556ef871ad0e20f032f4966f1fa94cef510c5e603c2007d13e0c"               \
  "3918a3ca4fa3673d"
#define TEST_RSA_PRIME_2                                                                           \
  "e7c2077f7c22b2eb7c7663d6b60f24360ad5551f64b2c0fc3eb415ee238ee13c1ef2d73e276dcb8f"               \
  "f4d0c866008befe99bf9e6bfc152b830a8f3124b8027ab81bff200fd1d9b78e9c8ab607e7f1bb2b1"               \
  "42e7ab0b5391d81c0272d8be56bcc219205d4c46726818dfadb997214503c82001f1a87ca690f404"               \
  "b36a55dd60126ac7"
#define TEST_RSA_COEFFICIENT                                                                       \
  "42cd2e2f3d71774c306efde74bf53a14d2874b939c6f628d882c8379802dfd3f9d757bcd3c663036"               \
  "b8dcd4d166a52d417e13d92b41a82033b635a65bb1365407804900659a73f363531ba26ccd1bd22f"               \
  "155f7abac03684b72e4abad650f89c7ace4e8051b383388ea459a093dba01b21107fe7714ccdcc90"               \
  "83abc35c3a2b8877"
#define TEST_RSA_EXPONENT_1                                                                        \
  "e209b550de38ddc4fab24b7f3ce0103e65056937e44026ae12710b9b504a5d15d63658e69b98773b"               \
  "b237ba248214d86c63f790feac0c4c4474c9ab0610048743465a49e07c1e1a845eeaad84eceac5cf"               \
  "bc1b912c0bd46144cce6310d997e7f71fa92dbaeca6b2b04829c73cf68250d5c060207a4be89d3e2"               \
  "42d48c5f003f38dd"
#define TEST_RSA_EXPONENT_2                                                                        \
  "c07cc6fd7b7cd65dffe1d4ca602bf3476f78005b32a7c4e1bcb296045444378e57a61a5fe51fac12"               \
  "c4a323ce9465a5bdc16eadd85618fe226c3076e17e6f74632fa930690a4e36fef54c61b8ae99b2b0"               \
  "c780e2ef65599cc4a6c3fc811a496c6cb214cb6537607e484961fbc4062e3de957b3fedc88fb9bb0"               \
  "cbd365bd982db3c1"
#define TEST_ASSERTION                                                                             \
  "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjAxMjM0NTY3ODlhYmNkZWYifQ.eyJpc3MiO"               \
  "iJwb3N0cm9vbUBwb3N0cm9vbS10ZXN0cy5pYW0uZ3NlcnZpY2VhY2NvdW50LmNvbSIsInN1YiI6ImFub"               \
  "mFcIm9AZXhhbXBsZS5vcmciLCJzY29wZSI6Imh0dHBzOi8vbWFpbC5leGFtcGxlLyIsImF1ZCI6Imh0d"               \
  "HBzOi8vYWNjb3VudHMuZXhhbXBsZS90b2tlbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAzN"               \
  "jAwfQ.yw3QPJl7vSB6bKjuNJQH1rz6YMr-pzRgpbapxuWAvGbuQHQki04ahTzHI8mn90qzz5fN8w-ITj"               \
  "SM2gBmp3UVFEcz4CXiW6NiAQmOfgkcHZVY9a6v5JBAhNZh6EnRKZUWfKT8FFO9XOiPwHC0sgUkRhcRmY"               \
  "Qk-Y32jG-ydtQtswiLwpym88cr3SGzFUjA3SPbl827QTNyHeRqlNrcPXfmXvRoSAgMCDiiSXADtHmHn-"               \
  "gnhV7fivxY_If_hd6Z_oUTgPLLKAd8Y2h-h_yKPMoaViVu72zGRW9XjF5uMeA2wqRxfNFroM1s_76Ewf"               \
  "J8_fQ0EKeCClH-cXqHvLltV0T73g"
