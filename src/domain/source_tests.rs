use super::*;

fn verdict(text: &str) -> Result<Reach, NoSource> {
    Source::parse(text).map(|source| source.reach)
}

#[test]
fn the_internet_over_https_and_this_machine_are_sources() {
    let cases = [
        ("https://openrouter.ai/api/v1/models", Ok(Reach::Public)),
        ("HTTPS://OpenRouter.AI:8443/x?y=z#f", Ok(Reach::Public)),
        ("https://1.1.1.1/", Ok(Reach::Public)),
        ("https://[2606:4700::1111]/", Ok(Reach::Public)),
        ("http://127.0.0.1:8080/models", Ok(Reach::Loopback)),
        ("http://localhost/models", Ok(Reach::Loopback)),
        ("http://LOCALHOST./models", Ok(Reach::Loopback)),
        ("http://[::1]/models", Ok(Reach::Loopback)),
        ("https://127.0.0.1/models", Ok(Reach::Loopback)),
        // The browsers' rule for numbers: all of these are 127.0.0.1.
        ("http://2130706433/", Ok(Reach::Loopback)),
        ("http://0x7f.1/", Ok(Reach::Loopback)),
        ("http://openrouter.ai/api/v1/models", Err(NoSource::Scheme)),
        ("http://1.1.1.1/", Err(NoSource::Scheme)),
        ("ftp://openrouter.ai/", Err(NoSource::Scheme)),
        ("file:///etc/passwd", Err(NoSource::NotAUrl)),
        ("https://user:secret@openrouter.ai/", Err(NoSource::Credentials)),
        ("https://user@openrouter.ai/", Err(NoSource::Credentials)),
        ("https://10.0.0.1/", Err(NoSource::NotPublic)),
        ("https://0xa.0.0.1/", Err(NoSource::NotPublic)),
        ("http://169.254.169.254/latest/meta-data", Err(NoSource::NotPublic)),
        ("https://[fd00::1]/", Err(NoSource::NotPublic)),
        ("https://[::ffff:10.0.0.1]/", Err(NoSource::NotPublic)),
        ("https://0.0.0.0/", Err(NoSource::NotPublic)),
        ("https://[::]/", Err(NoSource::NotPublic)),
        ("/api/v1/models", Err(NoSource::NotAUrl)),
        ("", Err(NoSource::NotAUrl)),
        ("https://", Err(NoSource::NotAUrl)),
    ];
    for (text, expected) in cases {
        assert_eq!(verdict(text), expected, "{text}");
    }
    let long = format!("https://openrouter.ai/{}", "x".repeat(MAX_URL_CHARS));
    assert_eq!(verdict(&long), Err(NoSource::NotAUrl));
}

#[test]
fn a_server_out_there_leads_nobody_in() {
    let outside = Source::parse("https://openrouter.ai/api/v1/models").unwrap();
    let here = Source::parse("http://127.0.0.1:80/models").unwrap();
    let cases = [
        (&outside, "?page=2", Ok("https://openrouter.ai/api/v1/models?page=2")),
        (&outside, "/v2", Ok("https://openrouter.ai/v2")),
        (&outside, "//other.example/x", Ok("https://other.example/x")),
        (&outside, "http://openrouter.ai/x", Err(NoSource::Scheme)),
        (&outside, "https://192.168.0.1/x", Err(NoSource::NotPublic)),
        (&outside, "http://localhost/x", Err(NoSource::NotPublic)),
        (&outside, "https://127.0.0.1/x", Err(NoSource::NotPublic)),
        (&outside, "gopher://x/", Err(NoSource::Scheme)),
        (&here, "/two", Ok("http://127.0.0.1/two")),
        (&here, "http://10.0.0.1/x", Err(NoSource::NotPublic)),
        (&here, "http://openrouter.ai/x", Err(NoSource::Scheme)),
        (&here, "https://openrouter.ai/x", Ok("https://openrouter.ai/x")),
    ];
    for (from, reference, expected) in cases {
        let found = from.follow(reference).map(|source| source.url.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{reference}");
    }
}

#[test]
fn what_is_secret_in_an_address_is_not_told() {
    for (address, expected) in [
        ("http://user:secret@api.example.org/v1?key=secret", "http://api.example.org"),
        ("https://user:secret@10.0.0.5:8443/x", "https://10.0.0.5:8443"),
        ("ftp://example.org/secret", "ftp://example.org"),
        ("/relative?key=secret", "an address"),
        ("", "an address"),
    ] {
        assert_eq!(told(address), expected, "{address}");
    }
    for address in ["http://u:p@api.example.org/", "https://u:p@10.0.0.5/", "ftp://u@example.org/"] {
        assert_eq!(verdict(address), Err(NoSource::Credentials), "{address}");
    }
}

#[test]
fn special_addresses_are_not_public() {
    let special = "0.1.2.3 10.255.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
        192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1
        255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:192.168.0.1 64:ff9b::10.0.0.1 64:ff9b:1:a9fe:a9:fe00:808:808 64:ff9b:1::808:808 100::1 2001::1 2001:db8::1 2002:a00:1::
        3fff::1 5f00::1 fc00::1 fdff::1 fe80::1 fec0::1 ff02::1";
    for text in special.split_whitespace() {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
    let public = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 198.20.0.1 223.255.255.255
        ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2001:200::1 2002:808:808:: 2606:4700::1111 2a00:1450::1";
    for text in public.split_whitespace() {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}
