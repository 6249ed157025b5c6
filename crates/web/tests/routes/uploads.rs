//! `/apply/{draft}/materials`: files are taken or refused by name, and what is refused is not kept.

use app::{MAX_FILE_BYTES, sample_pdf};
use domain::Lang;
use web::view::Arg;

use crate::house::{house, run, views, zh};
use crate::person::{SHOP, begin, citizen};

fn told(key: &str, file: &str) -> String {
    views().text(Lang::Zh, key, &[("file", Arg::from(file)), ("max", Arg::from("10"))])
}

#[test]
fn a_file_that_cannot_be_taken_is_named_and_not_kept() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        let mut large = sample_pdf().to_vec();
        large.resize(MAX_FILE_BYTES + 1, b' ');
        let refused: [(&str, &str, &[u8]); 5] = [
            ("file-kind", "假的.pdf", b"MZ\x90\x00 this is a program"),
            ("file-kind", "页面.pdf", b"<!doctype html><script>alert(1)</script>"),
            ("file-kind", "图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("file-empty", "空的.pdf", b""),
            ("file-too-large", "大的.pdf", &large),
        ];
        for (key, name, bytes) in refused {
            let page = client.upload(&place, &[], &[("file-m1", name, bytes)]).await.is(422);
            assert!(page.words().contains(&told(key, name)), "{key}:\n{}", page.words());
            assert!(page.html.contains("id=\"e-m1\"") && page.links().contains(&"#m-m1".to_owned()));
            let after = client.get(&place).await.is(200).never_says(name);
            assert!(!after.links().iter().any(|link| link.contains("/files/")), "{name} was kept");
        }
    });
}

#[test]
fn the_good_file_beside_a_bad_one_is_kept() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        let files: [(&str, &str, &[u8]); 2] =
            [("file-m1", "好的.pdf", sample_pdf()), ("file-m2", "坏的.exe", b"MZ\x90\x00")];
        let page = client.upload(&place, &[("do", "continue")], &files).await.is(422);
        assert!(page.words().contains(&told("file-kind", "坏的.exe")));
        let kept = client.get(&place).await.is(200).says("好的.pdf");
        let file = client.get(&kept.link("/files/")).await.is(200);
        assert_eq!(file.bytes, sample_pdf());
    });
}

#[test]
fn a_file_comes_back_as_what_it_is_and_never_as_a_page_of_ours() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        let name = "../../etc/\"执照\".pdf";
        let name = name.replace('"', "'");
        client.upload(&place, &[], &[("file-m1", &name, sample_pdf())]).await.is(200);
        let page = client.get(&place).await.is(200).never_says("../");
        let file = client.get(&page.link("/files/")).await.is(200);
        assert_eq!(file.header("content-type"), "application/pdf");
        assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
        let disposition = file.header("content-disposition").to_owned();
        assert!(disposition.contains("filename*=UTF-8''"), "{disposition}");
        assert!(disposition.ends_with(".pdf") && !disposition.contains(".."), "{disposition}");
    });
}

#[test]
fn a_file_can_be_taken_away_again() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        let page = client.upload(&place, &[], &[("file-m1", "执照.pdf", sample_pdf())]).await.is(200);
        let file = page.link("/files/");
        let id = file.rsplit_once('/').unwrap().1;
        client
            .upload(&place, &[("remove", id), ("do", "continue")], &[])
            .await
            .is(200)
            .never_says("执照.pdf");
        client.get(&file).await.is(404);
    });
}

#[test]
fn what_is_lacking_is_told_only_when_one_wants_to_go_on() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        client.upload(&place, &[], &[]).await.is(200).never_says(&zh("material-missing"));
        let page = client.upload(&place, &[("do", "continue")], &[]).await.is(422);
        for material in ["m1", "m2", "m3"] {
            assert!(page.html.contains(&format!("id=\"e-{material}\"")), "{material}");
        }
        assert!(page.words().contains(&zh("material-missing")));
    });
}

#[test]
fn words_cannot_stand_for_what_is_always_needed() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let fields = [("excuse-m1", "没有"), ("excuse-m9", "没有这一项"), ("do", "continue")];
        let files: [(&str, &str, &[u8]); 2] =
            [("file-m2", "二.pdf", sample_pdf()), ("file-m3", "三.pdf", sample_pdf())];
        let page = client.upload(&format!("{draft}/materials"), &fields, &files).await.is(422);
        assert!(page.html.contains("id=\"e-m1\"") && !page.html.contains("id=\"e-m2\""));
        client
            .upload(&format!("{draft}/materials"), &[], &[("file-m9", "九.pdf", sample_pdf())])
            .await
            .is(404);
    });
}

#[test]
fn more_than_an_upload_may_hold_is_refused() {
    run(async {
        let (_, mut client) = citizen(house().await).await;
        let draft = begin(&mut client, SHOP).await;
        let place = format!("{draft}/materials");
        let huge = vec![b' '; 65 * 1024 * 1024];
        client
            .upload(&place, &[], &[("file-m1", "很大.pdf", &huge)])
            .await
            .is(413)
            .says(&zh("error-413-title"));
        client.get(&place).await.is(200).never_says("很大.pdf");
    });
}
